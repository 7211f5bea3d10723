-- Drops from the lists of turns the entries that wait no longer: taken or removed since the last turn was given. An entry is added a
-- moment after it has its turn, so one whose turn has not passed is left alone for a second after the last one was given.
-- KEYS[1]: the turns of the queue, a hash. KEYS[2]: prefix of the queue's keys. Answers how many were dropped.
local turns, queue = KEYS[1], KEYS[2]
local UNIT = 4294967296
local state = redis.call('HMGET', turns, 'at', 'now')
if not state[1] then return 0 end
local time = redis.call('TIME')
local isQuiet = time[1] * 1000 + math.floor(time[2] / 1000) - state[1] > 1000
local first = redis.call('ZRANGE', queue .. 'prioritized', 0, 0, 'WITHSCORES')
local now = tonumber(state[2] or 1)
if first[2] then now = math.max(now, math.floor(first[2] / UNIT / 2)) end
local dropped, kept = 0, 0
for _, field in ipairs(redis.call('HKEYS', turns)) do
  local owner, rank = string.match(field, '^list:(.*):(%d+)$')
  if owner then
    local key = turns .. '/' .. owner .. '/' .. rank
    local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    local left = #entries / 2
    for i = 1, #entries, 2 do
      local isPassed = isQuiet or tonumber(entries[i + 1]) < now
      -- One that waits for its next attempt comes back by itself, and needs no turn.
      if isPassed and not redis.call('ZSCORE', queue .. 'prioritized', entries[i]) then
        redis.call('ZREM', key, entries[i])
        dropped, left = dropped + 1, left - 1
      end
    end
    kept = kept + left
    if left == 0 then redis.call('HDEL', turns, field) end
  end
end
-- Nobody waits: all begin anew.
if isQuiet and kept == 0 and not first[1] and redis.call('ZCARD', queue .. 'delayed') == 0 then redis.call('DEL', turns) end
return dropped
