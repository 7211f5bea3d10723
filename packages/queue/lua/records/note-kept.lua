-- What a run keeps for its owner beside his upload, in bytes; a repeated call counts it once. ARGV: the id, the run, the bytes.
if not wanted(ARGV[2]) then return 0 end
local owner = redis.call('HGET', KEYS[1], 'ownerKey')
if not owner then return 0 end
dropUsage(owner, 'kept:' .. ARGV[1])
addUsage(owner, 'kept:' .. ARGV[1], ARGV[3], '')
return 1
