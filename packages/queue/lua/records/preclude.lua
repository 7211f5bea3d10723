-- No job of this id is made any more, unless it is there already. ARGV: the id. Answers 1, or 0 when the job is there.
local id = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('ZSCORE', ARCHIVED, id) then return 0 end
redis.call('ZADD', OWN .. 'tombstones', int(now() + TOMBSTONE_TTL_MS), id)
return 1
