-- Has a delivery sent anew. KEYS[1]: the deliveries. ARGV: whose, its number. Answers 0 when there is none.
local of, n = ARGV[1], ARGV[2]
if redis.call('HEXISTS', KEYS[1], n) == 0 then return 0 end
local log = redis.call('HGET', KEYS[1], n .. ':log')
local entry = log and cjson.decode(log) or {}
-- The attempts before stay to be read; those to come are counted anew.
redis.call('HSET', KEYS[1], n .. ':log', cjson.encode({ status = 'pending', made = 0, since = int(now()), lines = entry.lines or {} }))
keepDeliveries(of)
redis.call('ZADD', OUTBOX, int(now()), of .. ' ' .. n)
return 1
