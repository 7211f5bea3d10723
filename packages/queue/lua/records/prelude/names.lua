-- What all scripts of the records share: times are milliseconds, and Lua prints large numbers with exponents, which `int` avoids.
-- KEYS[1] is the job's record unless a script says otherwise; other keys are derived from its fields (all lie in one slot), which
-- `record-fields.ts` lists.
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
