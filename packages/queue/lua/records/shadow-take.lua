-- Takes the next run for a shadow. ARGV: the shadow by 12 digits. Answers `JOB.RUN`, or nothing. One that was taken too often has cost
-- workers their lives, and counts as scored, with what it has.
local shadow, at = ARGV[1], now()
local offered = SHADOW .. 'offered/' .. shadow
while true do
  local member = redis.call('ZRANGE', offered, '-inf', int(at), 'BYSCORE', 'LIMIT', 0, 1)[1]
  if not member then return false end
  local deadline = redis.call('ZSCORE', SHADOW .. 'held', member)
  if not deadline or tonumber(deadline) <= at then
    redis.call('ZREM', offered, member)
  elseif redis.call('HINCRBY', SHADOW .. 'takes', member .. '.' .. shadow, 1) > SHADOW_TAKES then
    closeShadow(member, shadow)
  else
    redis.call('ZADD', offered, int(at + SHADOW_LEASE_MS), member)
    return member
  end
end
