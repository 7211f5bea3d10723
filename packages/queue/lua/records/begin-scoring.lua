-- ARGV: the id, the run.
local id = ARGV[1]
local status = wanted(ARGV[2])
if not status then return 0 end
if status == 'scoring' then return 1 end
setStatus(id, 'scoring')
redis.call('HSET', KEYS[1], 'framesTotal', redis.call('HGET', KEYS[1], 'framesDecoded'))
statusChanged(id)
progressChanged(id)
return 1
