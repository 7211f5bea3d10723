-- What an owner has stored, by field and together.
local function usageKey(ownerKey) return OWN .. 'usage/' .. ownerKey end
local function dropUsage(ownerKey, field)
  local bytes = redis.call('HGET', usageKey(ownerKey), field)
  if not bytes then return 0 end
  redis.call('HDEL', usageKey(ownerKey), field)
  if redis.call('HINCRBY', usageKey(ownerKey), 'bytes', '-' .. bytes) <= 0 then redis.call('HDEL', usageKey(ownerKey), 'bytes') end
  return tonumber(bytes)
end
-- Of a job: its upload, and what its run keeps.
local function dropUsageOfJob(ownerKey, id)
  dropUsage(ownerKey, 'job:' .. id)
  dropUsage(ownerKey, 'kept:' .. id)
end
-- Uploads of an owner that were not submitted, by when they expire.
local function openUploadsKey(ownerKey) return usageKey(ownerKey) .. '/open' end
local function dropExpiredUploads(ownerKey)
  local open = openUploadsKey(ownerKey)
  for _, expired in ipairs(redis.call('ZRANGEBYSCORE', open, '-inf', int(now()))) do
    redis.call('ZREM', open, expired)
    dropUsage(ownerKey, 'upload:' .. expired)
  end
end
-- False, and nothing counted, beyond the limit; '' is none.
local function addUsage(ownerKey, field, bytes, limit)
  if limit ~= '' then dropExpiredUploads(ownerKey) end
  local total = tonumber(redis.call('HGET', usageKey(ownerKey), 'bytes') or 0)
  if limit ~= '' and total + tonumber(bytes) > tonumber(limit) then return false end
  if tonumber(bytes) == 0 then return true end
  redis.call('HSET', usageKey(ownerKey), field, bytes)
  redis.call('HINCRBY', usageKey(ownerKey), 'bytes', bytes)
  return true
end
