-- Drops a custody log that lies in the archive. ARGV: the id, how many lines lie there. 0 when there are more by now.
local id = ARGV[1]
local key = OWN .. 'job/' .. id .. '/custody'
if redis.call('LLEN', key) ~= tonumber(ARGV[2]) then return 0 end
redis.call('DEL', key)
redis.call('ZREM', OWN .. 'custody', id)
return 1
