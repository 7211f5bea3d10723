-- Has all failed items run again. KEYS[1]: the batch. ARGV: its id, where the retry has come to: 0 begins it, '' ends it.
-- Answers the record, or false when there is nothing to retry.
local id, at = ARGV[1], ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'status', 'n:failed', 'retryAt', 'deleting')
if not f[1] or f[4] then return false end
if at == '0' then
  if f[1] ~= 'ended' or tonumber(f[2] or 0) == 0 then return false end
  redis.call('HSET', KEYS[1], 'status', 'running', 'retryAt', 0)
  redis.call('HINCRBY', KEYS[1], 'round', 1)
  redis.call('HDEL', KEYS[1], 'finishedAt', 'paceAt', 'paceEnded', 'paceFrom', 'paceFromEnded')
  redis.call('ZREM', OWN .. 'batches/over', id)
  redis.call('SADD', OWN .. 'batches/live', id)
  unkeepBatch(KEYS[1], id)
  announceBatch(id)
elseif f[3] and at ~= '' then
  redis.call('HSET', KEYS[1], 'retryAt', at)
elseif f[3] then
  redis.call('HDEL', KEYS[1], 'retryAt')
  unkeepBatch(KEYS[1], id)
  settleBatch(KEYS[1], id)
  announceBatch(id)
end
return redis.call('HGETALL', KEYS[1])
