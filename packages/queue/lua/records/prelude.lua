-- Functions that all scripts of this folder share. It stands before each script, after the constants
-- (`lua-constants.ts`). KEYS[1] is the job's record unless a script says otherwise; other keys are derived from its
-- fields (all lie in one slot), which `record-fields.ts` lists. Times are milliseconds. Lua prints large numbers with
-- exponents, which `int` avoids.
local ARCHIVED, UNARCHIVED, UNKEPT = OWN .. 'jobs/archived', OWN .. 'jobs/unarchived', OWN .. 'jobs/unkept'
local function int(n) return string.format('%.0f', n) end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function indexes(id, status)
  local owner, batch = unpack(redis.call('HMGET', KEYS[1], 'ownerKey', 'batchKey'))
  local keys = { OWN .. 'jobs/all/' .. status }
  if owner then keys[#keys + 1] = OWN .. 'jobs/owner/' .. owner .. '/' .. status end
  if batch then keys[#keys + 1] = OWN .. 'jobs/batch/' .. batch .. '/' .. status end
  return keys
end
local function setStatus(id, to)
  local from = redis.call('HGET', KEYS[1], 'status')
  if from == to then return end
  if from then for _, key in ipairs(indexes(id, from)) do redis.call('ZREM', key, id) end end
  for _, key in ipairs(indexes(id, to)) do redis.call('ZADD', key, 0, id) end
  redis.call('HSET', KEYS[1], 'status', to)
end
-- Sealed secrets of a job, by name.
local function secretsKey(id) return OWN .. 'secrets/' .. id end
-- A new record comes with its sealed secrets in the field `sealed`, a JSON list of name, box, …: they do not stay in it.
local function keepSecrets(id)
  local sealed = redis.call('HGET', KEYS[1], 'sealed')
  if not sealed then return end
  local boxes = cjson.decode(sealed)
  if #boxes > 0 then redis.call('HSET', secretsKey(id), unpack(boxes)) end
  redis.call('HDEL', KEYS[1], 'sealed')
end
-- Messages to the webhook of a job or batch and their log. Those that are still to be put into their queue stand in the outbox.
local OUTBOX = OWN .. 'webhooks/outbox'
local function deliveriesKey(of) return OWN .. 'webhooks/of/' .. of end
local function keepDeliveries(of)
  redis.call('EXPIRE', deliveriesKey(of), DELIVERIES_TTL_S)
  redis.call('EXPIRE', secretsKey(of), DELIVERIES_TTL_S)
end
-- The one place where a message to a webhook comes to be, in the step that decides what it tells. `target` and `data` are JSON. The id
-- is made of whose, run and event, so one that is there stays. It has no dot, which separates id, time and body in what is signed.
local function recordDelivery(of, target, event, run, data)
  local key, id = deliveriesKey(of), of .. '_' .. run .. '_' .. string.gsub(event, '%.', '_')
  local known = redis.call('HGET', key, 'id:' .. id)
  if known then return tonumber(known) end
  local n = redis.call('HINCRBY', key, 'last', 1)
  local message = { id = id, event = event, run = run, at = int(now()), target = target, data = data }
  redis.call('HSET', key, 'id:' .. id, n, n, cjson.encode(message))
  keepDeliveries(of)
  redis.call('ZADD', OUTBOX, int(now()), of .. ' ' .. n)
  return n
end
local function scoredKey(id, run) return OWN .. 'job/' .. id .. '/scored/' .. run end
-- What an owner has stored, by field and together.
local function usageKey(ownerKey) return OWN .. 'usage/' .. ownerKey end
local function dropUsage(ownerKey, field)
  local bytes = redis.call('HGET', usageKey(ownerKey), field)
  if not bytes then return 0 end
  redis.call('HDEL', usageKey(ownerKey), field)
  if redis.call('HINCRBY', usageKey(ownerKey), 'bytes', '-' .. bytes) <= 0 then redis.call('HDEL', usageKey(ownerKey), 'bytes') end
  return tonumber(bytes)
end
-- False, and nothing counted, beyond the limit; '' is none.
local function addUsage(ownerKey, field, bytes, limit)
  local total = tonumber(redis.call('HGET', usageKey(ownerKey), 'bytes') or 0)
  if limit ~= '' and total + tonumber(bytes) > tonumber(limit) then return false end
  if tonumber(bytes) == 0 then return true end
  redis.call('HSET', usageKey(ownerKey), field, bytes)
  redis.call('HINCRBY', usageKey(ownerKey), 'bytes', bytes)
  return true
end
local function append(id, type, data)
  redis.call('XADD', OWN .. 'job/' .. id .. '/events', 'MAXLEN', '~', EVENTS_KEPT, '*', 'type', type, 'data', data)
end
local function announce(id, status) redis.call('PUBLISH', OWN .. 'changes', id .. ' ' .. status) end
local function statusChanged(id)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
  local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'attempts', 'cancelRequested', 'error')
  append(id, 'status', '{"status":"' .. f[1] .. '","run":' .. f[2] .. ',"attempts":' .. f[3] ..
    ',"cancelRequested":' .. (f[4] == '1' and 'true' or 'false') .. ',"at":' .. int(now()) ..
    (f[5] and (',"error":' .. f[5]) or '') .. '}')
  return f[1]
end
local function progressChanged(id)
  local f = redis.call('HMGET', KEYS[1], 'framesDecoded', 'framesTotal', 'clipsPlanned', 'clipsScored', 'percent', 'status')
  local percent = f[5]
  local total = tonumber(f[2])
  if total then
    -- A container may promise fewer frames than it holds.
    if total < tonumber(f[1]) then
      total = tonumber(f[1])
      redis.call('HSET', KEYS[1], 'framesTotal', f[1])
      f[2] = f[1]
    end
    local decoded = total > 0 and math.min(1, f[1] / total) or 1
    local planned = tonumber(f[3])
    local scored = planned > 0 and math.min(1, f[4] / planned) or 0
    local share = decoded * (DECODE_SHARE + (1 - DECODE_SHARE) * scored)
    -- One decimal. Never 100 before the end, and never less than before.
    local value = math.max(tonumber(percent) or 0, math.min(99, math.floor(share * 1000) / 10))
    percent = string.format('%.1f', value)
    redis.call('HSET', KEYS[1], 'percent', percent)
  end
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
  append(id, 'progress', '{"percent":' .. (percent or 'null') .. ',"framesDecoded":' .. f[1] .. ',"framesTotal":' ..
    (f[2] or 'null') .. ',"clipsPlanned":' .. f[3] .. ',"clipsScored":' .. f[4] .. '}')
  announce(id, f[6])
end
local function isEnded(status)
  for _, ended in ipairs(ENDED_STATUSES) do if status == ended then return true end end
  return false
end
-- Puts an archived record back. ARGV[2]: its run, or ''; from ARGV[3]: its fields, none when the archive has lost them.
-- False when the record was archived after the caller had looked for it.
local function restore(id)
  local run = redis.call('EXISTS', KEYS[1]) == 0 and redis.call('ZSCORE', ARCHIVED, id)
  if not run then return true end
  if run ~= ARGV[2] then return false end
  if #ARGV == 2 then return true end
  redis.call('HSET', KEYS[1], unpack(ARGV, 3))
  redis.call('ZREM', ARCHIVED, id)
  redis.call('ZADD', UNARCHIVED, redis.call('HGET', KEYS[1], 'finishedAt'), id)
  return true
end
-- The status, if the run may work; nil when the job is gone, has ended, is canceled or is in another run.
local function wanted(run)
  local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'cancelRequested')
  if not f[1] or isEnded(f[1]) or f[2] ~= run or f[3] == '1' then return nil end
  return f[1]
end
local function raise(field, value)
  if value == '' or tonumber(value) <= tonumber(redis.call('HGET', KEYS[1], field)) then return false end
  redis.call('HSET', KEYS[1], field, value)
  return true
end
