-- Clips of a batch, or of an owner's single jobs, that are cut and not scored.
local function countClips(delta)
  if delta == 0 then return end
  local key = batchOf()
  if key then redis.call('HINCRBY', key, 'clips', int(delta)) end
  local single = singlesOf()
  if single and redis.call('INCRBY', single .. '/clips', int(delta)) <= 0 then redis.call('DEL', single .. '/clips') end
end
-- Sets a count of the job to what it has grown to; false when it has not.
local function raise(field, value)
  local before = tonumber(redis.call('HGET', KEYS[1], field))
  if value == '' or tonumber(value) <= before then return false end
  redis.call('HSET', KEYS[1], field, value)
  if field == 'clipsPlanned' then countClips(tonumber(value) - before) end
  if field == 'clipsScored' then countClips(before - tonumber(value)) end
  return true
end
