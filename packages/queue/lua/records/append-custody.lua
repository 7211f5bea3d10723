-- Adds lines to a job's custody log. ARGV: the id, how many lines the writer has read, those lines, then the new ones.
-- A log that lies in the archive alone comes back with them. 0 when the log has other lines by now, or the job is gone.
local id, read = ARGV[1], tonumber(ARGV[2])
local key = OWN .. 'job/' .. id .. '/custody'
if redis.call('EXISTS', KEYS[1]) == 0 and not redis.call('ZSCORE', ARCHIVED, id) then return 0 end
local length = redis.call('LLEN', key)
if length > 0 and (length ~= read or redis.call('LINDEX', key, -1) ~= ARGV[2 + read]) then return 0 end
for i = length > 0 and 3 + read or 3, #ARGV do redis.call('RPUSH', key, ARGV[i]) end
redis.call('ZADD', OWN .. 'custody', int(now()), id)
return 1
