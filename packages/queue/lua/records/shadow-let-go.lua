-- Nobody waits for a run any more. ARGV: `JOB.RUN`. Answers whether its pixels may go.
local held = shadowRun(ARGV[1])
if held then
  for shadow in string.gmatch(held.open, '%x+') do missShadow(shadow, 'expired') end
  held.open = ''
end
letShadowsGo(ARGV[1])
return isDone(held)
