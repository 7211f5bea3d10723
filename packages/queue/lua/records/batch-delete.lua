-- KEYS[1]: the batch. ARGV: its id. From now on it is gone for its owner, and admits nothing.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'deleting', 1)
redis.call('SADD', OWN .. 'batches/live', ARGV[1])
unkeepBatch(KEYS[1], ARGV[1])
for _, key in ipairs({ OWN .. 'batches/all', OWN .. 'batches/owner/' .. redis.call('HGET', KEYS[1], 'ownerKey') }) do
  redis.call('ZREM', key, ARGV[1])
end
announceBatch(ARGV[1])
return 1
