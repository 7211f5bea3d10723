-- Keeps an unsettled claim with its holder. KEYS[1]: the claim. ARGV: the holder's token, the lease in milliseconds; 0 ends it.
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'leaseUntil', int(now() + ARGV[2]))
return 1
