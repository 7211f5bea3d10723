-- Takes a place, or keeps it, unless all are held. KEYS[1]: the places, each by when it falls back. ARGV: the holder's token, how many
-- places there are, ms until it falls back.
local at, token, max, ttl = now(), ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', int(at))
-- Set by a clock that was ahead: it falls back as if it had been taken now.
for _, other in ipairs(redis.call('ZRANGE', KEYS[1], '(' .. int(at + ttl), '+inf', 'BYSCORE')) do
  redis.call('ZADD', KEYS[1], int(at + ttl), other)
end
if not redis.call('ZSCORE', KEYS[1], token) and redis.call('ZCARD', KEYS[1]) >= max then return 0 end
redis.call('ZADD', KEYS[1], int(at + ttl), token)
redis.call('PEXPIRE', KEYS[1], ttl)
return 1
