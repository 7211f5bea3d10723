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
