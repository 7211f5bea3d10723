-- Whether a target may be called. KEYS[1]: its circuit. ARGV: how long one call may try it out, ms. Answers 0, or ms to wait.
local f = redis.call('HMGET', KEYS[1], 'until', 'trying')
local at = now()
if not f[1] then return 0 end
if tonumber(f[1]) > at then return int(tonumber(f[1]) - at) end
-- The rest is over: one call finds out, the others wait for it.
if f[2] and tonumber(f[2]) > at then return int(tonumber(f[2]) - at) end
redis.call('HSET', KEYS[1], 'trying', int(at + ARGV[1]))
return '0'
