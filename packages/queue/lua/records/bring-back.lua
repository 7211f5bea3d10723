-- Makes Redis know a job again that it had forgotten, from a record of the archive.
-- ARGV: the id, the status, the bytes of its video in the store, then field, value, …, the status not among them.
-- Answers 'known' for a job that is there, 'gone' for a buried one, 'back' otherwise.
local id, status = ARGV[1], ARGV[2]
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('ZSCORE', ARCHIVED, id) then return 'known' end
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', id)
if tombstone and tonumber(tombstone) > now() then return 'gone' end
-- Above every revision that clients may have seen of it.
redis.call('HSET', KEYS[1], 'revision', int(math.floor(now() / 1000)), unpack(ARGV, 4))
for _, key in ipairs(indexes(id, status)) do redis.call('ZADD', key, 0, id) end
redis.call('HSET', KEYS[1], 'status', status)
noteOpinions(id, status)
setTraits(id)
if status == 'queued' then enterWindow(id) end
-- Of a batch that is known the item may be counted already, by its row. One that Redis has forgotten, too, counts it when it is back.
local batch, item = batchOf()
if batch then
  local part = math.floor(item / ITEMS_PER_PART)
  local row = redis.call('HGET', batch .. '/rows/' .. part, item)
  local isCounted = row and row ~= '' or (not row and isStored(batch, part))
  if not isCounted and not row then countItem(nil, 'queued') end
  if not isCounted and isEnded(status) then
    countItem('queued', status)
    local failure = redis.call('HGET', KEYS[1], 'error')
    endItem(redis.call('HGET', KEYS[1], 'row') or CANCELED_ROW, failure and cjson.decode(failure).code or '')
  end
end
local owner = redis.call('HGET', KEYS[1], 'ownerKey')
if owner then
  -- An upload, or what a run kept of another source: a run that begins anew counts the latter again, in the same place.
  local f = redis.call('HMGET', KEYS[1], 'source', 'rescoreOf')
  local isUpload = not f[2] and (not f[1] or cjson.decode(f[1]).type == 'upload')
  dropUsageOfJob(owner, id)
  addUsage(owner, (isUpload and 'job:' or 'kept:') .. id, ARGV[3], '')
end
if isEnded(status) then
  local at = redis.call('HGET', KEYS[1], 'finishedAt')
  redis.call('ZADD', OWN .. 'jobs/ended', at, id)
  redis.call('ZADD', UNARCHIVED, at, id)
  -- Its media may be due, while the mark says that all of that time are gone.
  local mark = redis.call('GET', OWN .. 'media-mark')
  if mark and tonumber(mark) > tonumber(at) then redis.call('SET', OWN .. 'media-mark', at) end
else
  redis.call('ZADD', UNKEPT, int(now()), id)
end
announce(id, status)
return 'back'
