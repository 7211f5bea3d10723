-- Drops the record of a run that lies in the archive. Redis keeps only its indexes. ARGV: the id, the run.
-- Without a record there is nothing left to archive: versions without an archive delete the record and leave the id
-- behind.
local id, run = ARGV[1], ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'status', 'run')
if not f[1] then redis.call('ZREM', UNARCHIVED, id) end
if not f[1] or not isEnded(f[1]) or f[2] ~= run then return 0 end
-- An item is found by its batch, which also ends its retention: of it only the run stays, 110 bytes.
if batchOf() then
  for _, key in ipairs(indexes(id, f[1])) do redis.call('ZREM', key, id) end
  redis.call('ZREM', OWN .. 'jobs/ended', id)
  redis.call('HDEL', TRAITS, id)
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', UNARCHIVED, id)
redis.call('ZADD', ARCHIVED, run, id)
return 1
