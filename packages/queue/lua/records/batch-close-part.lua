-- The rows of a part are in the store. KEYS[1]: the batch. ARGV: its id, the part, the revision of the rows that are there.
local id, part = ARGV[1], ARGV[2]
local rows = KEYS[1] .. '/rows/' .. part
local member = id .. '.' .. part
if redis.call('EXISTS', KEYS[1]) == 0 then return redis.call('SREM', OWN .. 'batches/whole', member) end
local f = redis.call('HMGET', rows, 'rev', 'open')
-- Another has closed it.
if not f[2] then return redis.call('SREM', OWN .. 'batches/whole', member) end
if f[1] ~= ARGV[3] or f[2] ~= '0' then return 0 end
redis.call('SETBIT', KEYS[1] .. '/stored', part, 1)
redis.call('DEL', rows)
redis.call('SREM', OWN .. 'batches/whole', member)
redis.call('ZADD', OWN .. 'batches/media', int(now()), member)
announceBatch(id)
return 1
