-- ARGV: the id, since when the tombstone stands (ms). Answers 0 when its time is over.
local until_ = tonumber(ARGV[2]) + TOMBSTONE_TTL_MS
if until_ <= now() then return 0 end
local known = redis.call('ZSCORE', OWN .. 'tombstones', ARGV[1])
if not known or tonumber(known) < until_ then redis.call('ZADD', OWN .. 'tombstones', int(until_), ARGV[1]) end
return 1
