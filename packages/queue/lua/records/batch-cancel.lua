-- KEYS[1]: the batch. ARGV: its id. Answers its record, or false when there is none.
local id = ARGV[1]
local f = redis.call('HMGET', KEYS[1], 'status', 'cancelRequested', 'next', 'total')
if not f[1] then return false end
if f[2] == '1' or (f[1] ~= 'validating' and f[1] ~= 'running') then return redis.call('HGETALL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'cancelRequested', 1)
unkeepBatch(KEYS[1], id)
redis.call('HDEL', KEYS[1], 'retryAt')
if f[1] == 'validating' then
  redis.call('HSET', KEYS[1], 'status', 'canceled', 'finishedAt', int(now()))
  tellBatch(KEYS[1], id)
  restBatch(KEYS[1], id)
else
  local next, total = tonumber(f[3]), tonumber(f[4])
  redis.call('HINCRBY', KEYS[1], 'n:canceled', int(total - next))
  -- The part in whose middle the admission stops: its other items will have no rows.
  local part = math.floor(next / ITEMS_PER_PART)
  local rows = KEYS[1] .. '/rows/' .. part
  local open = redis.call('HGET', rows, 'open')
  if open then
    local left = tonumber(open) - (math.min(total, (part + 1) * ITEMS_PER_PART) - next)
    redis.call('HSET', rows, 'open', left)
    redis.call('HINCRBY', rows, 'rev', 1)
    if left == 0 then redis.call('SADD', OWN .. 'batches/whole', id .. '.' .. part) end
  end
  settleBatch(KEYS[1], id)
end
announceBatch(id)
return redis.call('HGETALL', KEYS[1])
