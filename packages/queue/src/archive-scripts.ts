import { RECORD_PRELUDE } from './record-lua.js';
import type { RedisScript } from './redis-script.js';

/**
 * Looks records up, all at one instant. KEYS: the records; ARGV: the jobs' ids.
 * Answers for each its hash, or the number of the run that the archive has, or ''.
 */
export const lookUpScript: RedisScript = {
  name: 'lookUp',
  lua: `${RECORD_PRELUDE}
local found = {}
for i, key in ipairs(KEYS) do
  local hash = redis.call('HGETALL', key)
  found[i] = #hash > 0 and hash or redis.call('ZSCORE', ARCHIVED, ARGV[i]) or ''
end
return found
`,
};

/**
 * The record of this run lies in the archive: Redis keeps its indexes alone. KEYS[1]: the record; ARGV: the job's id, the run.
 * Where there is no record, there is nothing to archive any more: versions without an archive delete it and leave the id behind.
 */
export const dropArchivedScript: RedisScript = {
  name: 'dropArchived',
  lua: `${RECORD_PRELUDE}
local id, run = ARGV[1], ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'status', 'run')
if not f[1] then redis.call('ZREM', UNARCHIVED, id) end
if not f[1] or not isEnded(f[1]) or f[2] ~= run then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', UNARCHIVED, id)
redis.call('ZADD', ARCHIVED, run, id)
return 1
`,
};
