-- Gives an upload to an owner and counts it. KEYS[1]: the upload. ARGV: its id, the owner, the owner as it stands in keys, its bytes,
-- the seconds until it expires, the owner's limits of open uploads and of stored bytes, or ''. Answers 'ok', 'uploads' or 'bytes'.
local id, owner, ownerKey, bytes, seconds = unpack(ARGV, 1, 5)
local open = usageKey(ownerKey) .. '/open'
for _, expired in ipairs(redis.call('ZRANGEBYSCORE', open, '-inf', int(now()))) do
  redis.call('ZREM', open, expired)
  dropUsage(ownerKey, 'upload:' .. expired)
end
if ARGV[6] ~= '' and redis.call('ZCARD', open) >= tonumber(ARGV[6]) then return 'uploads' end
if not addUsage(ownerKey, 'upload:' .. id, bytes, ARGV[7]) then return 'bytes' end
redis.call('ZADD', open, int(now() + seconds * 1000), id)
redis.call('PEXPIRE', open, int(seconds * 1000))
redis.call('SET', KEYS[1], owner, 'EX', seconds)
return 'ok'
