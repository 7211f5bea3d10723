-- A job that waited has its entries. KEYS[1]: its record. ARGV: its id, its owner as it stands in keys.
local id, owner = ARGV[1], ARGV[2]
if stopWaiting(id, SINGLES .. owner, owner) and redis.call('HEXISTS', KEYS[1], 'run') == 1 then
  redis.call('SADD', SINGLES .. owner .. '/open', id)
end
return 1
