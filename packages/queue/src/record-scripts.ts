import { EVENTS_TTL_S, RECORD_PRELUDE } from './record-lua.js';
import type { RedisScript } from './redis-script.js';

const TOMBSTONE_TTL_MS = 24 * 3_600 * 1000;

const script = (name: string, body: string): RedisScript => ({ name, lua: RECORD_PRELUDE + body });

/** The changes of a job's record. KEYS[1]: the record; ARGV[1]: the job's id; ARGV[2]: the run, where it names one. */
export const recordScripts = {
  /** ARGV[2]: limit of unfinished jobs; ARGV[3]: key of the idempotency claim or ''; then field, value, … */
  create: script(
    'create',
    `
local id = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HGETALL', KEYS[1]) end
local tombstone = redis.call('ZSCORE', OWN .. 'tombstones', id)
if tombstone and tonumber(tombstone) > now() then return 'gone' end
if redis.call('ZSCORE', ARCHIVED, id) then return 'archived' end
local unfinished = 0
for _, status in ipairs({ 'queued', 'preparing', 'scoring' }) do
  unfinished = unfinished + redis.call('ZCARD', OWN .. 'jobs/all/' .. status)
end
if unfinished >= tonumber(ARGV[2]) then return 'full' end
redis.call('HSET', KEYS[1], 'run', 1, 'attempts', 0, 'cancelRequested', 0, 'revision', 1, 'createdAt', int(now()),
  'framesDecoded', 0, 'clipsPlanned', 0, 'clipsScored', 0, unpack(ARGV, 4))
if ARGV[3] ~= '' then
  redis.call('HSET', ARGV[3], 'job', id)
  redis.call('PERSIST', ARGV[3])
  redis.call('HSET', KEYS[1], 'idempotencyKey', ARGV[3])
end
setStatus(id, 'queued')
-- No event: a stream takes 4 kB from its first entry on, too much for each of 100,000 waiting jobs to say the obvious.
announce(id, 'queued')
return redis.call('HGETALL', KEYS[1])
`,
  ),
  beginPrepare: script(
    'beginPrepare',
    `
local id = ARGV[1]
local status = wanted(ARGV[2])
if not status then return false end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSETNX', KEYS[1], 'startedAt', int(now()))
if status == 'queued' then setStatus(id, 'preparing') end
announce(id, statusChanged(id))
return redis.call('HGETALL', KEYS[1])
`,
  ),
  beginScoring: script(
    'beginScoring',
    `
local id = ARGV[1]
local status = wanted(ARGV[2])
if not status then return 0 end
if status == 'scoring' then return 1 end
setStatus(id, 'scoring')
redis.call('HSET', KEYS[1], 'framesTotal', redis.call('HGET', KEYS[1], 'framesDecoded'))
statusChanged(id)
progressChanged(id)
return 1
`,
  ),
  /** ARGV[3..5]: framesDecoded, framesTotal, clipsPlanned; '' leaves one as it is. */
  reportProgress: script(
    'reportProgress',
    `
local id = ARGV[1]
if not wanted(ARGV[2]) then return 0 end
local moved = raise('framesDecoded', ARGV[3])
moved = raise('clipsPlanned', ARGV[5]) or moved
if ARGV[4] ~= '' and redis.call('HGET', KEYS[1], 'framesTotal') ~= ARGV[4] then
  redis.call('HSET', KEYS[1], 'framesTotal', ARGV[4])
  moved = true
end
if moved then progressChanged(id) end
return 1
`,
  ),
  /** ARGV[3]: the clip's name within the run. */
  countClip: script(
    'countClip',
    `
local id, run = ARGV[1], ARGV[2]
local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'clipsScored')
if not f[1] or f[2] ~= run then return 0 end
if isEnded(f[1]) then return tonumber(f[3]) end
if redis.call('SADD', scoredKey(id, run), ARGV[3]) == 0 then return redis.call('SCARD', scoredKey(id, run)) end
local scored = redis.call('SCARD', scoredKey(id, run))
raise('clipsScored', scored)
raise('clipsPlanned', scored)
progressChanged(id)
return scored
`,
  ),
  /** ARGV[3]: status; ARGV[4]: error as JSON or ''; ARGV[5]: verdict as JSON or ''. */
  end: script(
    'end',
    `
local id, run, to = ARGV[1], ARGV[2], ARGV[3]
local f = redis.call('HMGET', KEYS[1], 'status', 'run')
if not f[1] or isEnded(f[1]) or f[2] ~= run then return 0 end
if f[1] == 'queued' and to == 'succeeded' then return 'illegal' end
local at = int(now())
redis.call('HSET', KEYS[1], 'finishedAt', at)
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'error', ARGV[4]) end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'verdict', ARGV[5]) end
if to == 'succeeded' then redis.call('HSET', KEYS[1], 'percent', '100') end
redis.call('DEL', scoredKey(id, run))
setStatus(id, to)
redis.call('ZADD', OWN .. 'jobs/ended', at, id)
redis.call('ZADD', UNARCHIVED, at, id)
redis.call('ZADD', OWN .. 'cleanups', at, id .. '.' .. run)
statusChanged(id)
if ARGV[5] ~= '' then append(id, 'result', '{"verdict":' .. ARGV[5] .. '}') end
announce(id, to)
redis.call('EXPIRE', OWN .. 'job/' .. id .. '/events', ${EVENTS_TTL_S})
return 1
`,
  ),
  requestCancel: script(
    'requestCancel',
    `
local id = ARGV[1]
local f = redis.call('HMGET', KEYS[1], 'status', 'cancelRequested')
if not f[1] then return false end
if not isEnded(f[1]) and f[2] ~= '1' then
  redis.call('HSET', KEYS[1], 'cancelRequested', 1)
  announce(id, statusChanged(id))
end
return redis.call('HGETALL', KEYS[1])
`,
  ),
  /** Takes what `restore` takes. */
  startRetry: script(
    'startRetry',
    `
local id = ARGV[1]
if not restore(id) then return 'moved' end
if redis.call('HGET', KEYS[1], 'status') ~= 'failed' then return false end
redis.call('HINCRBY', KEYS[1], 'run', 1)
redis.call('HDEL', KEYS[1], 'startedAt', 'finishedAt', 'error', 'verdict', 'percent', 'framesTotal')
redis.call('HSET', KEYS[1], 'cancelRequested', 0, 'framesDecoded', 0, 'clipsPlanned', 0, 'clipsScored', 0)
setStatus(id, 'queued')
redis.call('ZREM', OWN .. 'jobs/ended', id)
redis.call('ZREM', UNARCHIVED, id)
redis.call('PERSIST', OWN .. 'job/' .. id .. '/events')
announce(id, statusChanged(id))
return redis.call('HGETALL', KEYS[1])
`,
  ),
  isWanted: script('isWanted', 'return wanted(ARGV[2]) and 1 or 0'),
  /** Takes what `restore` takes, for the names of the indexes. */
  bury: script(
    'bury',
    `
local id = ARGV[1]
if not restore(id) then return 'moved' end
local at = now()
redis.call('ZREMRANGEBYSCORE', OWN .. 'tombstones', '-inf', int(at))
redis.call('ZADD', OWN .. 'tombstones', int(at + ${TOMBSTONE_TTL_MS}), id)
local f = redis.call('HMGET', KEYS[1], 'status', 'run', 'idempotencyKey')
for _, key in ipairs({ OWN .. 'jobs/ended', ARCHIVED, UNARCHIVED }) do redis.call('ZREM', key, id) end
if not f[1] then
  -- Unknown, or its archived record was lost: with it, who owned it.
  for _, status in ipairs({ 'succeeded', 'failed', 'canceled' }) do redis.call('ZREM', OWN .. 'jobs/all/' .. status, id) end
  return 0
end
for _, key in ipairs(indexes(id, f[1])) do redis.call('ZREM', key, id) end
redis.call('ZADD', OWN .. 'cleanups', int(at), id .. '.' .. f[2])
if f[3] then redis.call('DEL', f[3]) end
redis.call('DEL', KEYS[1], OWN .. 'job/' .. id .. '/events', scoredKey(id, f[2]))
announce(id, isEnded(f[1]) and f[1] or 'canceled')
return 1
`,
  ),
  /** Fixes a claim to its job. KEYS[1]: the record; ARGV[2]: the claim's key. */
  settleClaim: script(
    'settleClaim',
    `
redis.call('HSET', ARGV[2], 'job', ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('PERSIST', ARGV[2])
  redis.call('HSET', KEYS[1], 'idempotencyKey', ARGV[2])
end
return 1
`,
  ),
};

/**
 * A page of ids over several sorted sets of one scope, as one step, so that a job that changes its status meanwhile is neither
 * missed nor seen twice. KEYS: the sets; ARGV: 'newest' or 'oldest', the id to go on after or '', the limit.
 */
export const pageScript: RedisScript = {
  name: 'page',
  lua: `
local newest, after, limit = ARGV[1] == 'newest', ARGV[2], tonumber(ARGV[3])
local ids = {}
for _, key in ipairs(KEYS) do
  local part
  if newest then
    part = redis.call('ZRANGE', key, after == '' and '+' or '(' .. after, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit)
  else
    part = redis.call('ZRANGE', key, after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, limit)
  end
  for _, id in ipairs(part) do ids[#ids + 1] = id end
end
table.sort(ids, function(a, b) if newest then return a > b end return a < b end)
local page = {}
for i = 1, math.min(limit, #ids) do page[i] = ids[i] end
return page
`,
};

/** Sets a number unless it is higher already. KEYS[1]: the number; ARGV[1]: its new value. */
export const raiseScript: RedisScript = {
  name: 'raise',
  lua: `
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
`,
};

/** Claims an idempotency key. KEYS[1]: the claim; ARGV: fingerprint, seconds until an unsettled claim falls back. */
export const claimScript: RedisScript = {
  name: 'claim',
  lua: `
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'job')
if not f[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return { 'mine' }
end
if f[1] ~= ARGV[1] then return { 'other_request' } end
if f[2] then return { 'same', f[2] } end
return { 'in_flight' }
`,
};

/** Gives an unsettled claim back. KEYS[1]: the claim. */
export const releaseScript: RedisScript = {
  name: 'release',
  lua: `if redis.call('HEXISTS', KEYS[1], 'job') == 1 then return 0 end return redis.call('DEL', KEYS[1])`,
};

/** Adds or lists announced workers; expired ones are dropped. KEYS[1]: the hash; ARGV: '' to list, or id, facts, ms to live. */
export const workersScript: RedisScript = {
  name: 'workers',
  lua: `
local t = redis.call('TIME')
local at = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', at + ARGV[3]) .. ' ' .. ARGV[2])
end
local flat, alive = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #flat, 2 do
  local expires, facts = string.match(flat[i + 1], '^(%d+) (.*)$')
  if expires and tonumber(expires) > at then alive[#alive + 1] = facts
  else redis.call('HDEL', KEYS[1], flat[i]) end
end
return alive
`,
};
