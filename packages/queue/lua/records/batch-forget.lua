-- KEYS[1]: the batch. ARGV: its id, the number of its parts.
local id = ARGV[1]
local claim = redis.call('HGET', KEYS[1], 'idempotencyKey')
if claim then redis.call('DEL', claim) end
for part = 0, tonumber(ARGV[2]) - 1 do
  redis.call('DEL', KEYS[1] .. '/rows/' .. part)
  redis.call('SREM', OWN .. 'batches/whole', id .. '.' .. part)
  redis.call('ZREM', OWN .. 'batches/media', id .. '.' .. part)
end
redis.call('DEL', KEYS[1], KEYS[1] .. '/stored', deliveriesKey(id), secretsKey(id))
redis.call('ZREM', OWN .. 'batches/over', id)
redis.call('SREM', OWN .. 'batches/live', id)
redis.call('SREM', OWN .. 'batches/unkept', id)
announceBatch(id)
return 1
