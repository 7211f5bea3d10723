-- When the oldest waiting entry was added, in ms: the next one of the list, the next in turn, and of each owner and rank the
-- first one in turn are the candidates. Empty when none waits. KEYS[1]: prefix of the queue's keys. KEYS[2]: the turns of the queue.
local queue, turns = KEYS[1], KEYS[2]
local candidates = { redis.call('LINDEX', queue .. 'wait', -1) or nil }
candidates[#candidates + 1] = redis.call('ZRANGE', queue .. 'prioritized', 0, 0)[1]
for _, field in ipairs(redis.call('HKEYS', turns)) do
  local owner, rank = string.match(field, '^list:(.*):(%d+)$')
  -- Those that were taken are dropped with the next turn that is given; here they are passed over.
  local from = 0
  while owner do
    local entry = redis.call('ZRANGE', turns .. '/' .. owner .. '/' .. rank, from, from)[1]
    if not entry or from > 200 then break end
    if redis.call('ZSCORE', queue .. 'prioritized', entry) then
      candidates[#candidates + 1] = entry
      break
    end
    from = from + 1
  end
end
local oldest
for _, id in ipairs(candidates) do
  local at = tonumber(redis.call('HGET', queue .. id, 'timestamp') or '')
  if at and (not oldest or at < oldest) then oldest = at end
end
return oldest and string.format('%.0f', oldest) or ''
