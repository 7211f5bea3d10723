-- ARGV: the id, then what `restore` takes. Answers the record, false when the job has not failed, or 'moved'.
local id = ARGV[1]
if not restore(id) then return 'moved' end
if redis.call('HGET', KEYS[1], 'status') ~= 'failed' then return false end
local failure = redis.call('HGET', KEYS[1], 'error')
redis.call('HINCRBY', KEYS[1], 'run', 1)
redis.call('HDEL', KEYS[1], 'startedAt', 'finishedAt', 'error', 'verdict', 'percent', 'framesTotal', 'row', 'resultSha256')
redis.call('HSET', KEYS[1], 'cancelRequested', 0, 'framesDecoded', 0, 'clipsPlanned', 0, 'clipsScored', 0)
setStatus(id, 'queued')
setTraits(id)
reopenItem(failure and cjson.decode(failure).code or '')
redis.call('ZADD', UNKEPT, int(now()), id)
redis.call('ZREM', OWN .. 'jobs/ended', id)
redis.call('ZREM', UNARCHIVED, id)
redis.call('PERSIST', OWN .. 'job/' .. id .. '/events')
-- The webhook's are needed at the end of this run.
redis.call('PERSIST', secretsKey(id))
announce(id, statusChanged(id))
return redis.call('HGETALL', KEYS[1])
