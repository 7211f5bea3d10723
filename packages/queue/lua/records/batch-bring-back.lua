-- Makes Redis know a batch again that it had forgotten. What its items are is looked up here, in the step that counts them: those that
-- run may have gone on since the caller looked.
-- KEYS[1]: the batch. ARGV: its id, and as JSON: `fields` and `sealed` (lists of name, value, …), `next`, `stored` (parts whose rows lie in
-- the store), `counts` and `errors` of these by name, `items` (all others of which anything is known: `index`, `job`, `row` as it was found
-- or '').
-- Answers 'known' for a batch that is there, 'back' otherwise.
local id, given = ARGV[1], cjson.decode(ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 1 then return 'known' end
redis.call('HSET', KEYS[1], 'open', 0, 'clips', 0, unpack(given.fields))
redis.call('HSET', KEYS[1], 'next', int(given.next))
if #given.sealed > 0 then redis.call('HSET', secretsKey(id), unpack(given.sealed)) end
for name, count in pairs(given.counts) do redis.call('HINCRBY', KEYS[1], 'n:' .. name, int(count)) end
for code, count in pairs(given.errors) do redis.call('HINCRBY', KEYS[1], 'e:' .. code, int(count)) end
for _, part in ipairs(given.stored) do
  redis.call('SETBIT', KEYS[1] .. '/stored', part, 1)
  redis.call('ZADD', OWN .. 'batches/media', int(now()), id .. '.' .. part)
end
local ENDINGS = { s = 'succeeded', f = 'failed', c = 'canceled' }
local touched = {}
for _, item in ipairs(given.items) do
  local f = redis.call('HMGET', OWN .. 'job/' .. item.job, 'status', 'row', 'clipsPlanned', 'clipsScored')
  local part = math.floor(item.index / ITEMS_PER_PART)
  local stored = isStored(KEYS[1], part)
  local rows, open = openRows(KEYS[1], part)
  local row = f[1] and (isEnded(f[1]) and f[2] or '') or item.row
  if row == '' and f[1] and isEnded(f[1]) then row = item.row end
  if row ~= '' then
    local cells = cjson.decode(row)
    redis.call('HINCRBY', KEYS[1], 'n:' .. ENDINGS[cells[1]], 1)
    if type(cells[6]) == 'string' then redis.call('HINCRBY', KEYS[1], 'e:' .. cells[6], 1) end
    redis.call('HSET', rows, item.index, row)
    if not stored then open = open - 1 end
  elseif f[1] then
    if f[1] ~= 'queued' then redis.call('HINCRBY', KEYS[1], 'n:' .. f[1], 1) end
    redis.call('HINCRBY', KEYS[1], 'open', 1)
    redis.call('HINCRBY', KEYS[1], 'clips', int(f[3] - f[4]))
    if stored then
      redis.call('HSET', rows, item.index, '')
      open = open + 1
    end
  end
  redis.call('HSET', rows, 'open', open)
  redis.call('HINCRBY', rows, 'rev', 1)
  touched[part] = open
end
for part, open in pairs(touched) do
  if open == 0 then redis.call('SADD', OWN .. 'batches/whole', id .. '.' .. int(part)) end
end
local f = redis.call('HMGET', KEYS[1], 'ownerKey', 'status', 'deleting', 'finishedAt', 'cancelRequested', 'total')
if f[5] == '1' and f[2] ~= 'refused' then
  redis.call('HINCRBY', KEYS[1], 'n:canceled', int(math.max(0, (f[6] or 0) - given.next)))
end
if not f[3] then
  redis.call('ZADD', OWN .. 'batches/all', 0, id)
  redis.call('ZADD', OWN .. 'batches/owner/' .. f[1], 0, id)
end
if f[3] or f[2] == 'validating' or f[2] == 'running' then redis.call('SADD', OWN .. 'batches/live', id)
else redis.call('ZADD', OWN .. 'batches/over', f[4] or int(now()), id) end
settleBatch(KEYS[1], id)
unkeepBatch(KEYS[1], id)
announceBatch(id)
return 'back'
