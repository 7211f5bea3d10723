-- Of a batch's item: the key of the batch, the item, and the batch as it stands in keys; nil for a single job, and when the batch
-- is gone.
local function batchOf()
  local f = redis.call('HMGET', KEYS[1], 'batchKey', 'item')
  if not f[1] or not f[2] then return nil end
  local key = OWN .. 'batch/' .. f[1]
  if redis.call('EXISTS', key) == 0 then return nil end
  return key, tonumber(f[2]), f[1]
end
local function announceBatch(batch) redis.call('PUBLISH', OWN .. 'batches', batch) end
-- What the archive has of the batch is not what it is any more. `rev` tells whoever keeps it whether it has changed meanwhile.
local function unkeepBatch(key, batch)
  redis.call('HINCRBY', key, 'rev', 1)
  redis.call('SADD', OWN .. 'batches/unkept', batch)
end
-- Items that wait for admission are not counted: `queued` is what is left of the total. `open`: admitted and not ended.
local function countItem(from, to)
  local key, _, batch = batchOf()
  if not key or (not from and isEnded(to)) then return end
  if from and from ~= 'queued' then redis.call('HINCRBY', key, 'n:' .. from, -1) end
  if to ~= 'queued' then redis.call('HINCRBY', key, 'n:' .. to, 1) end
  local wasOpen, isOpen = from and not isEnded(from), not isEnded(to)
  if isOpen and not wasOpen then redis.call('HINCRBY', key, 'open', 1) end
  if wasOpen and not isOpen then redis.call('HINCRBY', key, 'open', -1) end
end
