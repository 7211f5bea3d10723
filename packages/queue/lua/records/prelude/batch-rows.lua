local function sizeOfPart(key, part)
  local f = redis.call('HMGET', key, 'total', 'next', 'cancelRequested')
  -- Of a canceled batch the items that were never admitted have no rows.
  local items = f[3] == '1' and tonumber(f[2]) or tonumber(f[1])
  return math.max(0, math.min(ITEMS_PER_PART, items - part * ITEMS_PER_PART))
end
local function isStored(key, part) return redis.call('GETBIT', key .. '/stored', part) == 1 end
-- Rows of a part stay in Redis until all its items have ended. `open`: how many have not; `rev` grows with every change. A part that
-- is stored and changes again has here what has changed: '' is an item that runs again.
local function openRows(key, part)
  local rows = key .. '/rows/' .. part
  local open = redis.call('HGET', rows, 'open')
  if open then return rows, tonumber(open) end
  return rows, isStored(key, part) and 0 or sizeOfPart(key, part)
end
local function setRow(row)
  local key, item, batch = batchOf()
  if not key then return end
  local part = math.floor(item / ITEMS_PER_PART)
  local rows, open = openRows(key, part)
  local before = redis.call('HGET', rows, item)
  local wasEnded = before and before ~= '' or (not before and isStored(key, part))
  if row ~= '' and not wasEnded then open = open - 1 end
  if row == '' and wasEnded then open = open + 1 end
  redis.call('HSET', rows, item, row, 'open', open)
  redis.call('HINCRBY', rows, 'rev', 1)
  if open == 0 then redis.call('SADD', OWN .. 'batches/whole', batch .. '.' .. part)
  else redis.call('SREM', OWN .. 'batches/whole', batch .. '.' .. part) end
end
