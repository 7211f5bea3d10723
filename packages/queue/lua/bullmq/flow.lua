-- Looks at `finish` entries and, while they wait for children, whether one of them can still end. Children that are gone or
-- have ended and yet are waited for would hold it for ever; how that could come about: an entry deleted by hand, or a child
-- added again after it had failed. KEYS[1]: prefix of the queue's keys. ARGV: '1' frees those held, then the entries.
local queue, frees = KEYS[1], ARGV[1] == '1'
local function look(id)
  local finish = queue .. id
  if redis.call('EXISTS', finish) == 0 then return 'absent' end
  if redis.call('ZSCORE', queue .. 'failed', id) then return 'failed' end
  if redis.call('ZSCORE', queue .. 'completed', id) then return 'completed' end
  if not redis.call('ZSCORE', queue .. 'waiting-children', id) then return 'live' end
  local children = redis.call('SMEMBERS', finish .. ':dependencies')
  local ended = {}
  for i, child in ipairs(children) do
    local childQueue, childId = string.match(child, '^(.*:)([^:]+)$')
    if redis.call('EXISTS', child) == 0 then ended[i] = { ':failed', 'internal: the entry was lost' }
    elseif redis.call('ZSCORE', childQueue .. 'failed', childId) then
      ended[i] = { ':failed', redis.call('HGET', child, 'failedReason') or 'internal: unknown' }
    elseif redis.call('ZSCORE', childQueue .. 'completed', childId) then ended[i] = { ':processed', 'null' }
    else return 'live' end
  end
  if frees then
    for i, child in ipairs(children) do redis.call('HSET', finish .. ended[i][1], child, ended[i][2]) end
    redis.call('DEL', finish .. ':dependencies')
    redis.call('ZREM', queue .. 'waiting-children', id)
    redis.call('RPUSH', queue .. 'wait', id)
    redis.call('ZADD', queue .. 'marker', 0, '0')
  end
  return 'held'
end
local states = {}
for i = 2, #ARGV do states[i - 1] = look(ARGV[i]) end
return states
