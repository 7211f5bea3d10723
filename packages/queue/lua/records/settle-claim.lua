-- Fixes a claim to its job. ARGV: the id, the claim's key.
redis.call('HSET', ARGV[2], 'job', ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('PERSIST', ARGV[2])
  redis.call('HSET', KEYS[1], 'idempotencyKey', ARGV[2])
end
return 1
