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
local function isEnded(status)
  for _, ended in ipairs(ENDED_STATUSES) do if status == ended then return true end end
  return false
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
-- Clips of a batch, or of an owner's single jobs, that are cut and not scored.
local function countClips(delta)
  if delta == 0 then return end
  local key = batchOf()
  if key then redis.call('HINCRBY', key, 'clips', int(delta)) end
  local single = singlesOf()
  if single and redis.call('INCRBY', single .. '/clips', int(delta)) <= 0 then redis.call('DEL', single .. '/clips') end
end
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
-- Unfinished jobs that several bundles judge.
local SEVERAL = OWN .. 'jobs/several'
local function noteOpinions(id, status)
  if redis.call('HEXISTS', KEYS[1], 'bundles') == 0 then return end
  redis.call(isEnded(status) and 'SREM' or 'SADD', SEVERAL, id)
end
local function setStatus(id, to)
  local from = redis.call('HGET', KEYS[1], 'status')
  if from == to then return end
  if from then for _, key in ipairs(indexes(id, from)) do redis.call('ZREM', key, id) end end
  for _, key in ipairs(indexes(id, to)) do redis.call('ZADD', key, 0, id) end
  redis.call('HSET', KEYS[1], 'status', to)
  noteOpinions(id, to)
  countItem(from, to)
  if to == 'queued' then enterWindow(id) elseif isEnded(to) then leaveWindow(id) end
end
-- What lists are narrowed by, of every job in one hash: a sign of the verdict, its score in ten thousandths, the beginning of the name.
local TRAITS = OWN .. 'jobs/traits'
local function setTraits(id)
  local f = redis.call('HMGET', KEYS[1], 'name', 'verdict')
  local verdict = f[2] and cjson.decode(f[2])
  local score = verdict and type(verdict.score) == 'number' and string.format('%05.0f', math.floor(verdict.score * 10000)) or '-----'
  redis.call('HSET', TRAITS, id, (verdict and string.sub(verdict.label, 1, 1) or '-') .. score .. (f[1] or ''))
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
local function append(id, type, data)
  redis.call('XADD', OWN .. 'job/' .. id .. '/events', 'MAXLEN', '~', EVENTS_KEPT, '*', 'type', type, 'data', data)
end
local function announce(id, status) redis.call('PUBLISH', OWN .. 'changes', id .. ' ' .. status) end
-- Each change of a job's status, for its custody log, as `at status run attempts cancelRequested`: it goes to the archive with the
-- record. Beyond the limit they are only counted.
local function noteStage(f)
  local stages = redis.call('HGET', KEYS[1], 'stages') or ''
  if #stages > STAGES_BYTES then return redis.call('HINCRBY', KEYS[1], 'stagesLeftOut', 1) end
  redis.call('HSET', KEYS[1], 'stages',
    stages .. int(now()) .. ' ' .. f[1] .. ' ' .. f[2] .. ' ' .. f[3] .. ' ' .. (f[4] or '0') .. ';')
end
local function statusChanged(id)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
  local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'attempts', 'cancelRequested', 'error')
  noteStage(f)
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
-- Runs whose clips wait for bundles that no client sees (`ShadowRuns`). `held`: `JOB.RUN` by its deadline. `runs`: of each how many
-- clips it has, whether they are kept anyhow, its shadows by 12 digits, and those of them that have not scored it. `offered/SHADOW`:
-- runs that have ended, by when one may take them. `scored`: `JOB.RUN.SHADOW` that are to be compared. `takes`: how often, of the same.
local SHADOW = OWN .. 'shadows/'
local function shadowRun(member)
  local text = redis.call('HGET', SHADOW .. 'runs', member)
  if not text then return nil end
  local clips, keep, all, open = string.match(text, '^(%d+);(%d);([^;]*);([^;]*)$')
  return { clips = tonumber(clips), keep = keep, all = all, open = open }
end
local function setShadowRun(member, held)
  redis.call('HSET', SHADOW .. 'runs', member, int(held.clips) .. ';' .. held.keep .. ';' .. held.all .. ';' .. held.open)
end
-- Whether the pixels may go: no shadow wants them any more, nor anybody else. Of a run that is not held others decide.
local function isDone(held) return held and held.open == '' and held.keep == '0' and 1 or 0 end
local function missShadow(shadow, why)
  redis.call('HINCRBY', SHADOW .. 'missed/' .. shadow, why, 1)
  redis.call('PEXPIRE', SHADOW .. 'missed/' .. shadow, SHADOW_MISSED_TTL_MS)
end
local function letShadowsGo(member)
  local held = shadowRun(member)
  redis.call('ZREM', SHADOW .. 'held', member)
  if not held then return end
  redis.call('HDEL', SHADOW .. 'runs', member)
  for shadow in string.gmatch(held.all, '%x+') do
    redis.call('ZREM', SHADOW .. 'offered/' .. shadow, member)
    redis.call('ZREM', SHADOW .. 'scored', member .. '.' .. shadow)
    redis.call('HDEL', SHADOW .. 'takes', member .. '.' .. shadow)
  end
  if redis.call('DECRBY', SHADOW .. 'clips', int(held.clips)) <= 0 then redis.call('DEL', SHADOW .. 'clips') end
end
-- The run has ended: what succeeded and has clips is offered to its shadows, of everything else they learn nothing.
local function offerToShadows(member, status)
  local held = shadowRun(member)
  if not held then return end
  if status ~= 'succeeded' or held.clips == 0 then return letShadowsGo(member) end
  for shadow in string.gmatch(held.open, '%x+') do redis.call('ZADD', SHADOW .. 'offered/' .. shadow, int(now()), member) end
end
-- The shadow has done what it can.
local function closeShadow(member, shadow)
  redis.call('ZREM', SHADOW .. 'offered/' .. shadow, member)
  redis.call('HDEL', SHADOW .. 'takes', member .. '.' .. shadow)
  local held = shadowRun(member)
  if not held then return nil end
  if string.find(held.open, shadow, 1, true) then
    local open = {}
    for other in string.gmatch(held.open, '%x+') do if other ~= shadow then open[#open + 1] = other end end
    held.open = table.concat(open, ' ')
    setShadowRun(member, held)
    redis.call('ZADD', SHADOW .. 'scored', int(now()), member .. '.' .. shadow)
  end
  return held
end
-- Nothing of the job is left: neither what waits nor what was compared. `run`: its last one.
local function forgetShadows(id, run)
  for number = 1, tonumber(run) or 1 do letShadowsGo(id .. '.' .. number) end
  for _, shadow in ipairs(redis.call('SMEMBERS', SHADOW .. 'bundles')) do
    local compared = SHADOW .. 'compared/' .. shadow
    redis.call('HDEL', compared, id)
    redis.call('ZREM', compared .. '/at', id)
    if redis.call('EXISTS', compared) == 0 then redis.call('SREM', SHADOW .. 'bundles', shadow) end
  end
end
local function raise(field, value)
  local before = tonumber(redis.call('HGET', KEYS[1], field))
  if value == '' or tonumber(value) <= before then return false end
  redis.call('HSET', KEYS[1], field, value)
  if field == 'clipsPlanned' then countClips(tonumber(value) - before) end
  if field == 'clipsScored' then countClips(before - tonumber(value)) end
  return true
end
