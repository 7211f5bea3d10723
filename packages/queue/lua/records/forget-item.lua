-- Drops an item that has ended, or that never was a job. ARGV: the job's id, owner and batch as they stand in keys. Answers 0 while
-- it has not ended.
local id, owner, batch = ARGV[1], ARGV[2], ARGV[3]
local status = redis.call('HGET', KEYS[1], 'status')
if status and not isEnded(status) then return 0 end
local run = redis.call('HGET', KEYS[1], 'run') or redis.call('ZSCORE', ARCHIVED, id)
for _, ended in ipairs(ENDED_STATUSES) do
  redis.call('ZREM', OWN .. 'jobs/all/' .. ended, id)
  redis.call('ZREM', OWN .. 'jobs/owner/' .. owner .. '/' .. ended, id)
  redis.call('ZREM', OWN .. 'jobs/batch/' .. batch .. '/' .. ended, id)
end
for _, key in ipairs({ OWN .. 'jobs/ended', ARCHIVED, UNARCHIVED, UNKEPT }) do redis.call('ZREM', key, id) end
redis.call('HDEL', TRAITS, id)
dropUsageOfJob(owner, id)
forgetShadows(id, run)
redis.call('DEL', KEYS[1], OWN .. 'job/' .. id .. '/events', secretsKey(id))
return 1
