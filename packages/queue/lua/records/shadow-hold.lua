-- Holds a run for its shadows. ARGV: the id, the run, its shadows by 12 digits, ms until the deadline, '1' where its clips are kept
-- anyhow. Answers 0 when it is not wanted or too much is held.
local member, shadows = ARGV[1] .. '.' .. ARGV[2], ARGV[3]
if not wanted(ARGV[2]) then return 0 end
if redis.call('ZSCORE', SHADOW .. 'held', member) then return 1 end
local clips = tonumber(redis.call('GET', SHADOW .. 'clips') or 0)
if redis.call('ZCARD', SHADOW .. 'held') >= SHADOW_RUNS or clips >= SHADOW_CLIPS then
  for shadow in string.gmatch(shadows, '%x+') do missShadow(shadow, 'skipped') end
  return 0
end
redis.call('ZADD', SHADOW .. 'held', int(now() + ARGV[4]), member)
setShadowRun(member, { clips = 0, keep = ARGV[5], all = shadows, open = shadows })
return 1
