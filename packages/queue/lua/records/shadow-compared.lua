-- Keeps what a shadow said of a run, the latest of each job. ARGV: the id, the run, the shadow by 12 digits, the comparison as JSON or ''.
-- Answers whether the pixels may go.
local id, shadow, comparison = ARGV[1], ARGV[3], ARGV[4]
local member = id .. '.' .. ARGV[2]
-- Of a job that was deleted meanwhile nothing is kept.
local isKnown = redis.call('EXISTS', KEYS[1]) == 1 or redis.call('ZSCORE', ARCHIVED, id)
if comparison == '' then
  missShadow(shadow, 'incomplete')
elseif isKnown then
  local compared = SHADOW .. 'compared/' .. shadow
  redis.call('SADD', SHADOW .. 'bundles', shadow)
  redis.call('HSET', compared, id, comparison)
  redis.call('ZADD', compared .. '/at', int(now()), id)
  while redis.call('ZCARD', compared .. '/at') > COMPARISONS_KEPT do
    redis.call('HDEL', compared, redis.call('ZPOPMIN', compared .. '/at')[1])
  end
end
redis.call('ZREM', SHADOW .. 'scored', member .. '.' .. shadow)
local held = shadowRun(member)
if held and held.open == '' then
  local isLast = true
  for other in string.gmatch(held.all, '%x+') do
    if redis.call('ZSCORE', SHADOW .. 'scored', member .. '.' .. other) then isLast = false end
  end
  if isLast then letShadowsGo(member) end
end
return isDone(held)
