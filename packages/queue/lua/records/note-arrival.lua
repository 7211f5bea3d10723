-- A video is put at the place of this job. ARGV: the id. Answers 0 when no job of the id can be made any more, else 1.
local id = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('ZSCORE', ARCHIVED, id) then return 1 end
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', id)
if tombstone and tonumber(tombstone) > now() then return 0 end
redis.call('ZADD', OWN .. 'arrivals', int(now()), id)
return 1
