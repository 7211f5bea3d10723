-- Sets a mark in time unless it is higher already. KEYS[1]: the mark. ARGV[1]: its new value, ms.
-- A mark never lies in the future: one that does was set by a clock that was wrong, and says nothing.
local at, standing = now(), tonumber(redis.call('GET', KEYS[1]) or '0')
local mark = math.min(tonumber(ARGV[1]), at)
if standing >= mark and standing <= at then return 0 end
redis.call('SET', KEYS[1], int(mark))
return 1
