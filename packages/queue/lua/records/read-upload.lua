-- KEYS: the upload, its facts. ARGV: its id, the owner, the owner as it stands in keys. Answers until when it is kept, its bytes, what
-- the store calls it and the length of its parts (both nothing where it comes whole); nothing where it is not his, or was submitted.
local id, owner, ownerKey = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= owner or not redis.call('ZSCORE', openUploadsKey(ownerKey), id) then return false end
local facts = redis.call('HMGET', KEYS[2], 'bytes', 'ref', 'partBytes')
return { int(now() + redis.call('PTTL', KEYS[1])), unpack(facts) }
