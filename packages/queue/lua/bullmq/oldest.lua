-- When the oldest waiting entry was added, in ms: the next one of the list and the first of each of the ten priorities are the
-- candidates (BullMQ's scores are priority · 2³² + a counter). Empty when none waits. KEYS[1]: prefix of the queue's keys.
local queue = KEYS[1]
local candidates = { redis.call('LINDEX', queue .. 'wait', -1) or nil }
for priority = 1, 10 do
  local from = string.format('%.0f', priority * 4294967296)
  local below = '(' .. string.format('%.0f', (priority + 1) * 4294967296)
  local first = redis.call('ZRANGE', queue .. 'prioritized', from, below, 'BYSCORE', 'LIMIT', 0, 1)[1]
  if first then candidates[#candidates + 1] = first end
end
local oldest
for _, id in ipairs(candidates) do
  local at = tonumber(redis.call('HGET', queue .. id, 'timestamp') or '')
  if at and (not oldest or at < oldest) then oldest = at end
end
return oldest and string.format('%.0f', oldest) or ''
