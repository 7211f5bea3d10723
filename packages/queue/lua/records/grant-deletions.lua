-- Grants some of the deletions that are wanted, as many as the last minute leaves. KEYS[1]: the grants, by time.
-- ARGV: how many are wanted, how many there may be in a minute, a name for the grant.
local at, wanted, perMinute = now(), tonumber(ARGV[1]), tonumber(ARGV[2])
local grants, spent = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'), 0
for i = 1, #grants, 2 do
  local grant, granted = grants[i], tonumber(grants[i + 1])
  if granted <= at - 60000 then redis.call('ZREM', KEYS[1], grant)
  else
    -- Of the future: the clock has gone back since. It counts as one of now, or it would stand in the way until then.
    if granted > at then redis.call('ZADD', KEYS[1], int(at), grant) end
    spent = spent + tonumber(string.match(grant, '^%d+'))
  end
end
local count = math.max(0, math.min(wanted, perMinute - spent))
if count > 0 then redis.call('ZADD', KEYS[1], int(at), count .. ' ' .. ARGV[3]) end
return count
