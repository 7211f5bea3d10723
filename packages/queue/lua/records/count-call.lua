-- Counts a call. KEYS[1]: the count of the running window. ARGV: how long it is, in ms. Answers the count and the ms that
-- are left.
local calls = redis.call('INCR', KEYS[1])
if calls == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { calls, redis.call('PTTL', KEYS[1]) }
