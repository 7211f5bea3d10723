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
-- The status, if the run may work; nil when the job is gone, has ended, is canceled or is in another run.
local function wanted(run)
  local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'cancelRequested')
  if not f[1] or isEnded(f[1]) or f[2] ~= run or f[3] == '1' then return nil end
  return f[1]
end
