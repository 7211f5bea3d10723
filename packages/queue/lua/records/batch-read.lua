-- The progress of reading a manifest, and what comes of it. KEYS[1]: the batch. ARGV: its id, rows read, faults found, what comes: '',
-- 'running' or 'refused', the number of items. Answers 1, or 0 when the batch is not being validated.
local id, to = ARGV[1], ARGV[4]
local f = redis.call('HMGET', KEYS[1], 'status', 'deleting')
if f[1] ~= 'validating' or f[2] then return 0 end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'rowsRead', ARGV[2], 'faults', ARGV[3]) end
if to == '' then return 1 end
local at = int(now())
redis.call('HSET', KEYS[1], 'status', to)
unkeepBatch(KEYS[1], id)
if to == 'running' then
  redis.call('HSET', KEYS[1], 'total', ARGV[5], 'startedAt', at)
else
  redis.call('HSET', KEYS[1], 'finishedAt', at)
  tellBatch(KEYS[1], id)
  restBatch(KEYS[1], id)
end
announceBatch(id)
return 1
