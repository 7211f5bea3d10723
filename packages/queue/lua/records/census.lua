-- What Redis knows of jobs. KEYS: their records. ARGV: their ids. Answers for each: run, status, creation, source, '1' when archived.
-- Of a job that scores another again no source: its video lies with that one.
local lines = {}
for i, key in ipairs(KEYS) do
  local id = ARGV[i]
  local f = redis.call('HMGET', key, 'run', 'status', 'createdAt', 'source', 'rescoreOf')
  local archived = not f[1] and redis.call('ZSCORE', ARCHIVED, id)
  if archived then
    f[1] = archived
    for _, status in ipairs(ENDED_STATUSES) do
      if redis.call('ZSCORE', OWN .. 'jobs/all/' .. status, id) then f[2] = status end
    end
  end
  lines[i] = { f[1] or '', f[2] or '', f[3] or '', not f[5] and f[4] or '', archived and '1' or '' }
end
return lines
