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
