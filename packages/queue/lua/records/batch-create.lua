-- Keeps a new batch; answers its record, or 'gone'. KEYS[1]: the batch. ARGV: its id, the owner as it stands in keys, the key of the
-- idempotency claim or '', then field, value, …
local id, owner, claim = ARGV[1], ARGV[2], ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HGETALL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'status', 'validating', 'cancelRequested', 0, 'round', 1, 'rowsRead', 0, 'faults', 0, 'total', 0, 'next', 0,
  'open', 0, 'clips', 0, 'endings', 0, 'createdAt', int(now()), unpack(ARGV, 4))
keepSecrets(id)
if claim ~= '' then
  redis.call('HSET', claim, 'job', id)
  redis.call('HDEL', claim, 'minted', 'holder', 'leaseUntil')
  redis.call('PERSIST', claim)
  redis.call('HSET', KEYS[1], 'idempotencyKey', claim)
end
redis.call('ZADD', OWN .. 'batches/all', 0, id)
redis.call('ZADD', OWN .. 'batches/owner/' .. owner, 0, id)
redis.call('SADD', OWN .. 'batches/live', id)
unkeepBatch(KEYS[1], id)
announceBatch(id)
return redis.call('HGETALL', KEYS[1])
