-- The archive has the batch as it was at this revision. KEYS[1]: the batch. ARGV: its id, the revision, '' where it is not there any more.
-- Answers 1, or 0 when it has changed since.
if (redis.call('HGET', KEYS[1], 'rev') or '') ~= ARGV[2] then return 0 end
redis.call('SREM', OWN .. 'batches/unkept', ARGV[1])
return 1
