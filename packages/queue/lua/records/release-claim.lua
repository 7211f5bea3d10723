-- Gives an unsettled claim back. KEYS[1]: the claim.
if redis.call('HEXISTS', KEYS[1], 'job') == 1 then return 0 end return redis.call('DEL', KEYS[1])
