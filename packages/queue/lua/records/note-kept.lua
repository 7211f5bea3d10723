-- What a run keeps for its owner beside his upload, in bytes; a repeated call counts it once. Of a run that was canceled meanwhile, too:
-- it lies there until its retention ends. ARGV: the id, the run, the bytes.
local f = redis.call('HMGET', KEYS[1], 'run', 'ownerKey')
if f[1] ~= ARGV[2] or not f[2] then return 0 end
dropUsage(f[2], 'kept:' .. ARGV[1])
addUsage(f[2], 'kept:' .. ARGV[1], ARGV[3], '')
return 1
