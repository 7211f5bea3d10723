-- No video is put at the place of this job any more. KEYS[1]: the arrivals. ARGV: the id, and before when it was noted last, or ''.
local noted = redis.call('ZSCORE', KEYS[1], ARGV[1])
if noted and (ARGV[2] == '' or tonumber(noted) < tonumber(ARGV[2])) then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1
