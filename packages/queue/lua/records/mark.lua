-- A mark in time, ms; 0 without one, and for one that lies in the future. KEYS[1]: the mark.
local mark = tonumber(redis.call('GET', KEYS[1]) or '0')
return mark <= now() and int(mark) or '0'
