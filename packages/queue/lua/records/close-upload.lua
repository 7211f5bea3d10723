-- An upload is nobody's any more. KEYS: the upload, its facts. ARGV: its id, the owner, the owner as it stands in keys. Answers 1, or 0
-- where it was not his.
local id, owner, ownerKey = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= owner then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', openUploadsKey(ownerKey), id)
dropUsage(ownerKey, 'upload:' .. id)
return 1
