-- Nothing is to be done for it any more, unless it is being deleted.
local function restBatch(key, batch)
  redis.call('ZADD', OWN .. 'batches/over', int(now()), batch)
  if redis.call('HEXISTS', key, 'deleting') == 0 then redis.call('SREM', OWN .. 'batches/live', batch) end
end
-- Creates what a batch's webhook is told of its end, in the step that ends it. A batch that is retried ends again.
local function tellBatch(key, batch)
  local f = redis.call('HMGET', key, 'webhook', 'status', 'total', 'n:succeeded', 'n:failed', 'n:canceled')
  local ending = int(redis.call('HINCRBY', key, 'endings', 1))
  if not f[1] then return end
  recordDelivery(batch, f[1], f[2] == 'canceled' and 'batch.canceled' or 'batch.ended', ending, '{"batch":"' .. batch ..
    '","status":"' .. f[2] .. '","counts":{"total":' .. (f[3] or 0) .. ',"succeeded":' .. (f[4] or 0) .. ',"failed":' .. (f[5] or 0) ..
    ',"canceled":' .. (f[6] or 0) .. '}}')
end
-- The one place where a batch that runs ends.
local function settleBatch(key, batch)
  local f = redis.call('HMGET', key, 'status', 'open', 'next', 'total', 'cancelRequested', 'retryAt')
  if f[1] ~= 'running' or tonumber(f[2]) > 0 then return end
  local isAll = tonumber(f[3]) >= tonumber(f[4]) and not f[6]
  if f[5] ~= '1' and not isAll then return end
  redis.call('HSET', key, 'status', f[5] == '1' and 'canceled' or 'ended', 'finishedAt', int(now()))
  tellBatch(key, batch)
  restBatch(key, batch)
  unkeepBatch(key, batch)
end
-- How many items had ended at two moments, half a minute to a minute apart: the present pace.
local function notePace(key)
  local f = redis.call('HMGET', key, 'n:succeeded', 'n:failed', 'n:canceled', 'paceAt')
  local at = now()
  if f[4] and at - tonumber(f[4]) < PACE_MS then return end
  local ended = (f[1] or 0) + (f[2] or 0) + (f[3] or 0)
  local last = redis.call('HMGET', key, 'paceAt', 'paceEnded')
  if last[1] then redis.call('HSET', key, 'paceFrom', last[1], 'paceFromEnded', last[2]) end
  redis.call('HSET', key, 'paceAt', int(at), 'paceEnded', int(ended))
end
-- `code`: of a failed item, whose errors are counted; ''.
local function endItem(row, code)
  local key, _, batch = batchOf()
  if not key then return end
  setRow(row)
  if code ~= '' then redis.call('HINCRBY', key, 'e:' .. code, 1) end
  notePace(key)
  settleBatch(key, batch)
  announceBatch(batch)
end
-- An item that had failed runs again.
local function reopenItem(code)
  local key, _, batch = batchOf()
  if not key then return end
  setRow('')
  if code ~= '' and redis.call('HINCRBY', key, 'e:' .. code, -1) <= 0 then redis.call('HDEL', key, 'e:' .. code) end
  local f = redis.call('HMGET', key, 'status', 'retryAt')
  -- Whoever has read its earlier row shall read again; of a retry of all failed items once.
  if not f[2] then redis.call('HINCRBY', key, 'round', 1) end
  if f[1] == 'ended' then
    redis.call('HSET', key, 'status', 'running')
    redis.call('HDEL', key, 'finishedAt')
    redis.call('ZREM', OWN .. 'batches/over', batch)
    redis.call('SADD', OWN .. 'batches/live', batch)
  end
  unkeepBatch(key, batch)
  announceBatch(batch)
end
