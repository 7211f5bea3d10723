-- ARGV: the id, the run. Answers the record, or false when the run is not wanted.
local id = ARGV[1]
local status = wanted(ARGV[2])
if not status then return false end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSETNX', KEYS[1], 'startedAt', int(now()))
if status == 'queued' then setStatus(id, 'preparing') end
announce(id, statusChanged(id))
return redis.call('HGETALL', KEYS[1])
