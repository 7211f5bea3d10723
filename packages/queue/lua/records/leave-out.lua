-- The run goes on without a bundle. ARGV: the id, the run, the bundle by 12 digits of its digest. Answers 0 when the run is not wanted.
local id, bundle = ARGV[1], ARGV[3]
local status = wanted(ARGV[2])
if not status then return 0 end
local before = redis.call('HGET', KEYS[1], 'leftOut')
if before and string.find(before, bundle, 1, true) then return 1 end
redis.call('HSET', KEYS[1], 'leftOut', before and (before .. ' ' .. bundle) or bundle)
redis.call('HINCRBY', KEYS[1], 'revision', 1)
-- Whoever waits for clips to be scored looks again.
announce(id, status)
return 1
