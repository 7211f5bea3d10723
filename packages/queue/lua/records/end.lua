-- ARGV: the id, the run, the status, the error as JSON or '', the verdict as JSON or '', the error's code or '', and what a batch keeps
-- of it as its row; the SHA-256 of its result or ''.
local id, run, to = ARGV[1], ARGV[2], ARGV[3]
local f = redis.call('HMGET', KEYS[1], 'status', 'run')
if not f[1] or isEnded(f[1]) or f[2] ~= run then return 0 end
if f[1] == 'queued' and to == 'succeeded' then return 'illegal' end
local at = int(now())
redis.call('HSET', KEYS[1], 'finishedAt', at)
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'error', ARGV[4]) end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'verdict', ARGV[5]) end
if to == 'succeeded' then redis.call('HSET', KEYS[1], 'percent', '100') end
if ARGV[8] and ARGV[8] ~= '' then redis.call('HSET', KEYS[1], 'resultSha256', ARGV[8]) end
-- Nothing is fetched any more.
redis.call('HDEL', secretsKey(id), 'source')
redis.call('DEL', scoredKey(id, run))
local clips = redis.call('HMGET', KEYS[1], 'clipsPlanned', 'clipsScored', 'item')
countClips(clips[2] - clips[1])
setStatus(id, to)
setTraits(id)
redis.call('ZADD', OWN .. 'jobs/ended', at, id)
-- Of an item, of which there may be a million, the record goes to the archive with the next sweep and the events soon.
redis.call('ZADD', UNARCHIVED, clips[3] and 0 or at, id)
redis.call('ZADD', OWN .. 'cleanups', at, id .. '.' .. run)
offerToShadows(id .. '.' .. run, to)
statusChanged(id)
if ARGV[5] ~= '' then append(id, 'result', '{"verdict":' .. ARGV[5] .. '}') end
announce(id, to)
local webhook = redis.call('HMGET', KEYS[1], 'webhook', 'batch')
if webhook[1] then
  recordDelivery(id, webhook[1], 'job.' .. to, run, '{"job":"' .. id .. '","run":' .. run ..
    (webhook[2] and (',"batch":' .. cjson.encode(webhook[2])) or '') .. ',"status":"' .. to .. '"' ..
    (ARGV[5] ~= '' and (',"verdict":' .. ARGV[5]) or '') .. (ARGV[4] ~= '' and (',"error":' .. ARGV[4]) or '') .. '}')
end
redis.call('EXPIRE', OWN .. 'job/' .. id .. '/events', clips[3] and ITEM_EVENTS_TTL_S or EVENTS_TTL_S)
-- The archive has it with the record: from it the row is written again in a Redis that forgot the batch.
if clips[3] then redis.call('HSET', KEYS[1], 'row', ARGV[7]) end
endItem(ARGV[7], ARGV[6])
return 1
