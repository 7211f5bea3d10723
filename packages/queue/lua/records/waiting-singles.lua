-- Owners of whom single jobs wait for room. Answers of each: owner as it stands in keys, jobs that wait, jobs in the window, clips that are
-- not scored, and the priority of the first that waits.
local scopes = {}
for _, owner in ipairs(redis.call('SMEMBERS', OWN .. 'singles')) do
  local key = SINGLES .. owner
  local head = redis.call('ZRANGE', key .. '/waiting', 0, 0, 'WITHSCORES')
  if head[1] then
    scopes[#scopes + 1] = { owner, redis.call('ZCARD', key .. '/waiting'), redis.call('SCARD', key .. '/open'),
      tonumber(redis.call('GET', key .. '/clips') or 0), 9 - head[2] }
  end
end
return scopes
