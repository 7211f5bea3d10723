-- Claims an idempotency key. KEYS[1]: the claim. ARGV: the fingerprint, and the seconds after which an unsettled claim
-- expires.
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'job')
if not f[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return { 'mine' }
end
if f[1] ~= ARGV[1] then return { 'other_request' } end
if f[2] then return { 'same', f[2] } end
return { 'in_flight' }
