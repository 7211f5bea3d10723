-- Whether a tombstone stands. ARGV: the id.
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', ARGV[1])
return tombstone and tonumber(tombstone) > now() and 1 or 0
