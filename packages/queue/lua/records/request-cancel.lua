-- ARGV: the id. Answers the record.
local id = ARGV[1]
local f = redis.call('HMGET', KEYS[1], 'status', 'cancelRequested')
if not f[1] then return false end
if not isEnded(f[1]) and f[2] ~= '1' then
  redis.call('HSET', KEYS[1], 'cancelRequested', 1)
  -- Its end needs no room; the caller gives it its entries.
  local key, owner = singlesOf()
  if key then stopWaiting(id, key, owner) end
  announce(id, statusChanged(id))
end
return redis.call('HGETALL', KEYS[1])
