-- Keeps a new job; answers its record, or why there is none: 'gone', 'archived', 'full'.
-- ARGV: the id, the limit of unfinished jobs, the key of the idempotency claim or '', then field, value, …
local id = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HGETALL', KEYS[1]) end
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', id)
if tombstone and tonumber(tombstone) > now() then return 'gone' end
if redis.call('ZSCORE', ARCHIVED, id) then return 'archived' end
local unfinished = 0
for _, status in ipairs(UNFINISHED_STATUSES) do
  unfinished = unfinished + redis.call('ZCARD', OWN .. 'jobs/all/' .. status)
end
if unfinished >= tonumber(ARGV[2]) then return 'full' end
redis.call('HSET', KEYS[1], 'run', 1, 'attempts', 0, 'cancelRequested', 0, 'revision', 1, 'createdAt', int(now()),
  'framesDecoded', 0, 'clipsPlanned', 0, 'clipsScored', 0, unpack(ARGV, 4))
if ARGV[3] ~= '' then
  redis.call('HSET', ARGV[3], 'job', id)
  redis.call('PERSIST', ARGV[3])
  redis.call('HSET', KEYS[1], 'idempotencyKey', ARGV[3])
end
setStatus(id, 'queued')
redis.call('ZADD', UNKEPT, int(now()), id)
-- Appends no event: from its first entry on a stream takes 4 kB, too much for each of 100,000 waiting jobs.
announce(id, 'queued')
return redis.call('HGETALL', KEYS[1])
