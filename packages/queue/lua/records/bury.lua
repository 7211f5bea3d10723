-- ARGV: the id, then what `restore` takes, for the names of the indexes.
local id = ARGV[1]
if not restore(id) then return 'moved' end
local at = now()
redis.call('ZREMRANGEBYSCORE', OWN .. 'tombstones', '-inf', int(at))
redis.call('ZADD', OWN .. 'tombstones', int(at + TOMBSTONE_TTL_MS), id)
local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'idempotencyKey', 'ownerKey')
redis.call('DEL', secretsKey(id), deliveriesKey(id), OWN .. 'job/' .. id .. '/custody')
redis.call('ZREM', OWN .. 'custody', id)
redis.call('HDEL', TRAITS, id)
redis.call('SREM', SEVERAL, id)
if f[4] then dropUsageOfJob(f[4], id) end
forgetShadows(id, f[2])
for _, key in ipairs({ OWN .. 'jobs/ended', ARCHIVED, UNARCHIVED, UNKEPT }) do redis.call('ZREM', key, id) end
if not f[1] then
  -- The job is unknown, or its archived record was lost, and with it the name of its owner.
  for _, status in ipairs(ENDED_STATUSES) do redis.call('ZREM', OWN .. 'jobs/all/' .. status, id) end
  return 0
end
for _, key in ipairs(indexes(id, f[1])) do redis.call('ZREM', key, id) end
if not isEnded(f[1]) then
  local clips = redis.call('HMGET', KEYS[1], 'clipsPlanned', 'clipsScored')
  countClips(clips[2] - clips[1])
  countItem(f[1], 'canceled')
  endItem(CANCELED_ROW, '')
  leaveWindow(id)
end
redis.call('ZADD', OWN .. 'cleanups', int(at), id .. '.' .. f[2])
if f[3] then redis.call('DEL', f[3]) end
redis.call('DEL', KEYS[1], OWN .. 'job/' .. id .. '/events', scoredKey(id, f[2]))
announce(id, isEnded(f[1]) and f[1] or 'canceled')
return 1
