-- Keeps a new job; answers its record, or why there is none: 'gone', 'archived', 'full', of its owner 'jobs', 'bytes', and 'batch' when
-- the batch of an item takes no more.
-- ARGV: the id, the limit of unfinished jobs or '', the key of the idempotency claim or '', the owner as it stands in keys, his limits of
-- unfinished jobs and of stored bytes, or '', the bytes stored for the job, the upload that they were, or '', then field, value, …
local id = ARGV[1]
local given = {}
for i = 9, #ARGV, 2 do given[ARGV[i]] = ARGV[i + 1] end
local batch = given.item and OWN .. 'batch/' .. given.batchKey
-- The admission has come beyond the item, whether its job is made now or was there.
local function passItem()
  local next = batch and redis.call('HGET', batch, 'next')
  if next and tonumber(next) <= tonumber(given.item) then redis.call('HSET', batch, 'next', int(given.item + 1)) end
end
local isThere = redis.call('EXISTS', KEYS[1]) == 1
local isArchived = redis.call('ZSCORE', ARCHIVED, id)
if isThere or isArchived then
  passItem()
  if batch then settleBatch(batch, given.batchKey) end
end
if isThere then return redis.call('HGETALL', KEYS[1]) end
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', id)
if tombstone and tonumber(tombstone) > now() then return 'gone' end
if isArchived then return 'archived' end
if batch then
  local f = redis.call('HMGET', batch, 'status', 'cancelRequested', 'deleting')
  if f[1] ~= 'running' or f[2] == '1' or f[3] then return 'batch' end
end
if ARGV[2] ~= '' then
  local unfinished = 0
  for _, status in ipairs(UNFINISHED_STATUSES) do
    unfinished = unfinished + redis.call('ZCARD', OWN .. 'jobs/all/' .. status)
  end
  if unfinished >= tonumber(ARGV[2]) then return 'full' end
end
local ownerKey, bytes, upload = ARGV[4], ARGV[7], ARGV[8]
if ARGV[5] ~= '' then
  local own = 0
  for _, status in ipairs(UNFINISHED_STATUSES) do
    own = own + redis.call('ZCARD', OWN .. 'jobs/owner/' .. ownerKey .. '/' .. status)
  end
  if own >= tonumber(ARGV[5]) then return 'jobs' end
end
-- What was counted as an upload is now counted as the job's.
local asUpload = upload ~= '' and dropUsage(ownerKey, 'upload:' .. upload) or 0
if not addUsage(ownerKey, 'job:' .. id, bytes, ARGV[6]) then
  addUsage(ownerKey, 'upload:' .. upload, asUpload, '')
  return 'bytes'
end
if upload ~= '' then redis.call('ZREM', openUploadsKey(ownerKey), upload) end
redis.call('HSET', KEYS[1], 'run', 1, 'attempts', 0, 'cancelRequested', 0, 'revision', 1, 'createdAt', int(now()),
  'framesDecoded', 0, 'clipsPlanned', 0, 'clipsScored', 0, unpack(ARGV, 9))
keepSecrets(id)
if ARGV[3] ~= '' then
  redis.call('HSET', ARGV[3], 'job', id)
  redis.call('HDEL', ARGV[3], 'minted', 'holder', 'leaseUntil')
  redis.call('PERSIST', ARGV[3])
  redis.call('HSET', KEYS[1], 'idempotencyKey', ARGV[3])
end
setStatus(id, 'queued')
setTraits(id)
passItem()
redis.call('ZADD', UNKEPT, int(now()), id)
redis.call('ZREM', OWN .. 'arrivals', id)
-- Appends no event: from its first entry on a stream takes 4 kB, too much for each of 100,000 waiting jobs.
announce(id, 'queued')
return redis.call('HGETALL', KEYS[1])
