-- A held run has so many clips by now. ARGV: the id, the run, the clips. Answers 0 when it is not held, or not any more.
local member, clips = ARGV[1] .. '.' .. ARGV[2], tonumber(ARGV[3])
local held = shadowRun(member)
if not held then return 0 end
local more = clips - held.clips
if more <= 0 then return 1 end
if clips > SHADOW_CLIPS_OF_RUN or tonumber(redis.call('GET', SHADOW .. 'clips') or 0) + more > SHADOW_CLIPS then
  for shadow in string.gmatch(held.all, '%x+') do missShadow(shadow, 'skipped') end
  letShadowsGo(member)
  return 0
end
redis.call('INCRBY', SHADOW .. 'clips', more)
held.clips = clips
setShadowRun(member, held)
return 1
