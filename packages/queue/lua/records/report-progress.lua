-- ARGV: the id, the run, then framesDecoded, framesTotal, clipsPlanned; '' leaves one as it is.
local id = ARGV[1]
if not wanted(ARGV[2]) then return 0 end
local moved = raise('framesDecoded', ARGV[3])
moved = raise('clipsPlanned', ARGV[5]) or moved
if ARGV[4] ~= '' and redis.call('HGET', KEYS[1], 'framesTotal') ~= ARGV[4] then
  redis.call('HSET', KEYS[1], 'framesTotal', ARGV[4])
  moved = true
end
if moved then progressChanged(id) end
return 1
