-- Counts a failure of a target. KEYS[1]: its circuit. ARGV: failures in a row before it rests, its first rest and its longest, ms.
-- Calls that were under way when the rest began say nothing new: only the one that tries it out makes the next rest longer.
local state = redis.call('HMGET', KEYS[1], 'until', 'failures')
if state[1] and tonumber(state[1]) > now() then return tonumber(state[2]) end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('HDEL', KEYS[1], 'trying')
local beyond = failures - tonumber(ARGV[1])
if beyond >= 0 then
  local rest = math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) * 2 ^ math.min(beyond, 20))
  redis.call('HSET', KEYS[1], 'until', int(now() + rest))
end
-- Forgotten when nobody has called it for long.
redis.call('PEXPIRE', KEYS[1], int(tonumber(ARGV[3]) * 4))
return failures
