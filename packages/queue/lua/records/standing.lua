-- What the indexes know of an archived job. ARGV: the id, its owner as keys have it, or ''.
-- Answers run, status and when it ended, or false when there is none, or none of this owner.
local id, owner = ARGV[1], ARGV[2]
local run = redis.call('ZSCORE', ARCHIVED, id)
if not run then return false end
for _, status in ipairs(ENDED_STATUSES) do
  if redis.call('ZSCORE', OWN .. 'jobs/all/' .. status, id) then
    if owner ~= '' and not redis.call('ZSCORE', OWN .. 'jobs/owner/' .. owner .. '/' .. status, id) then return false end
    return { run, status, redis.call('ZSCORE', OWN .. 'jobs/ended', id) or '' }
  end
end
return false
