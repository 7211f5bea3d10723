-- Lengthens the lease of a run that a shadow scores, or hands it back. ARGV: `JOB.RUN`, the shadow by 12 digits, '1' to hand it back.
-- Answers 0 when it is not to be scored any more.
local member, shadow, at = ARGV[1], ARGV[2], now()
local offered = SHADOW .. 'offered/' .. shadow
if not redis.call('ZSCORE', offered, member) then return 0 end
if tonumber(redis.call('ZSCORE', SHADOW .. 'held', member) or 0) <= at then return 0 end
if ARGV[3] == '1' then
  redis.call('HINCRBY', SHADOW .. 'takes', member .. '.' .. shadow, -1)
  redis.call('ZADD', offered, int(at), member)
else
  redis.call('ZADD', offered, int(at + SHADOW_LEASE_MS), member)
end
return 1
