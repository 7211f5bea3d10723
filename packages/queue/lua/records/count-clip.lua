-- ARGV: the id, the run, the clip's name within the run. Answers how many are counted.
local id, run = ARGV[1], ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'clipsScored')
if not f[1] or f[2] ~= run then return 0 end
if isEnded(f[1]) then return tonumber(f[3]) end
if redis.call('SADD', scoredKey(id, run), ARGV[3]) == 0 then return redis.call('SCARD', scoredKey(id, run)) end
local scored = redis.call('SCARD', scoredKey(id, run))
raise('clipsScored', scored)
raise('clipsPlanned', scored)
progressChanged(id)
return scored
