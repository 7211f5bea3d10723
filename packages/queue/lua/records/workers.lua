-- Adds or lists announced workers; expired ones are dropped. KEYS[1]: the hash. ARGV: '' to list, or id, facts, ms to live.
local t = redis.call('TIME')
local at = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', at + ARGV[3]) .. ' ' .. ARGV[2])
end
local flat, alive = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #flat, 2 do
  local expires, facts = string.match(flat[i + 1], '^(%d+) (.*)$')
  if expires and tonumber(expires) > at then alive[#alive + 1] = facts
  else redis.call('HDEL', KEYS[1], flat[i]) end
end
return alive
