-- Gives an upload to an owner and counts it. KEYS: the upload, its facts. ARGV: its id, the owner, the owner as it stands in keys, its
-- bytes, the seconds until it expires, the owner's limits of open uploads and of stored bytes, or '', then further facts: field, value,
-- …. Answers 'ok', 'uploads' or 'bytes'.
local id, owner, ownerKey, bytes, seconds = unpack(ARGV, 1, 5)
local open = openUploadsKey(ownerKey)
dropExpiredUploads(ownerKey)
if ARGV[6] ~= '' and redis.call('ZCARD', open) >= tonumber(ARGV[6]) then return 'uploads' end
if not addUsage(ownerKey, 'upload:' .. id, bytes, ARGV[7]) then return 'bytes' end
redis.call('ZADD', open, int(now() + seconds * 1000), id)
-- It outlives its last upload, whose bytes would otherwise count for ever.
redis.call('PERSIST', open)
redis.call('SET', KEYS[1], owner, 'EX', seconds)
redis.call('HSET', KEYS[2], 'bytes', bytes, unpack(ARGV, 8))
redis.call('EXPIRE', KEYS[2], seconds)
return 'ok'
