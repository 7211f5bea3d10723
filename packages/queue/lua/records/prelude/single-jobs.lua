-- Single jobs of an owner, as a batch's items: `open` are those that are or may be worked on, `waiting` those for which there is no room
-- among them, by how urgent they are, 9 first, and then by age; `clips` counts what is cut and not scored.
local SINGLES = OWN .. 'singles/'
local function singlesOf()
  local f = redis.call('HMGET', KEYS[1], 'ownerKey', 'item')
  if f[1] and not f[2] then return SINGLES .. f[1], f[1] end
end
-- A single job that is to begin: at once where its owner has room and nobody waits for it, else when the admission lets it.
local function enterWindow(id)
  local key, owner = singlesOf()
  if not key then return end
  local window = redis.call('HMGET', OWN .. 'window', 'jobs', 'clips')
  local hasRoom = redis.call('SCARD', key .. '/open') < tonumber(window[1] or WINDOW_JOBS)
    and tonumber(redis.call('GET', key .. '/clips') or 0) < tonumber(window[2] or WINDOW_CLIPS)
  if hasRoom and redis.call('EXISTS', key .. '/waiting') == 0 then
    redis.call('SADD', key .. '/open', id)
    return
  end
  redis.call('HSET', KEYS[1], 'waiting', 1)
  redis.call('ZADD', key .. '/waiting', 9 - (cjson.decode(redis.call('HGET', KEYS[1], 'options')).priority or 5), id)
  redis.call('SADD', OWN .. 'singles', owner)
  redis.call('PUBLISH', OWN .. 'batches', 'singles')
end
local function stopWaiting(id, key, owner)
  local isFound = redis.call('ZREM', key .. '/waiting', id) == 1
  if redis.call('EXISTS', key .. '/waiting') == 0 then redis.call('SREM', OWN .. 'singles', owner) end
  redis.call('HDEL', KEYS[1], 'waiting')
  return isFound
end
-- It has ended, or is gone: whoever waits may have its place.
local function leaveWindow(id)
  local key, owner = singlesOf()
  if not key then return end
  redis.call('SREM', key .. '/open', id)
  stopWaiting(id, key, owner)
  if redis.call('EXISTS', key .. '/waiting') == 1 then redis.call('PUBLISH', OWN .. 'batches', 'singles') end
end
