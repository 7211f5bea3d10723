-- Keeps an upload for longer. KEYS: the upload, its facts. ARGV: its id, the owner, the owner as it stands in keys, the seconds from now.
-- Answers 1, or 0 where it is not his.
local id, owner, ownerKey, seconds = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= owner then return 0 end
if redis.call('PTTL', KEYS[1]) >= tonumber(seconds) * 1000 then return 1 end
redis.call('EXPIRE', KEYS[1], seconds)
redis.call('EXPIRE', KEYS[2], seconds)
-- One that was submitted does not count as open any more.
redis.call('ZADD', openUploadsKey(ownerKey), 'XX', int(now() + seconds * 1000), id)
return 1
