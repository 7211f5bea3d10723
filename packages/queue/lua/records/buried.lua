-- The ids whose tombstones stand. KEYS[1]: the tombstones.
return redis.call('ZRANGE', KEYS[1], '(' .. int(now()), '+inf', 'BYSCORE')
