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
