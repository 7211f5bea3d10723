-- Looks up records, all at the same instant. KEYS: the records. ARGV: the jobs' ids.
-- Answers for each record its hash, or the number of the run that the archive has, or ''.
local found = {}
for i, key in ipairs(KEYS) do
  local hash = redis.call('HGETALL', key)
  found[i] = #hash > 0 and hash or redis.call('ZSCORE', ARCHIVED, ARGV[i]) or ''
end
return found
