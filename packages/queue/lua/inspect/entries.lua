-- One page of a state's entries. A cursor names the last entry that was seen (part, position, id), and the page begins
-- after it. If that entry has left the state, a sorted part continues at its score; `wait` continues at its front,
-- which only moves forward; `active` continues at the same distance from its end.
-- KEYS[1]: prefix of the queue's keys. ARGV: how many entries, the cursor's part ('' for none), position and id; how
-- many fields to read of an entry, and their names; then name and order of each part.
-- Answers for each entry: part, position, id, milliseconds of its lock, and the fields, which may be long if others
-- than the product wrote them.
local queue, limit, cursorPart, position, seen = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local lastField = 5 + tonumber(ARGV[5])
local page = {}
local function put(part, at, id)
  local key = queue .. id
  local fields = redis.call('HMGET', key, unpack(ARGV, 6, lastField))
  for k, text in ipairs(fields) do fields[k] = text and string.sub(text, 1, 2000) end
  page[#page + 1] = { part, at, id, redis.call('PTTL', key .. ':lock'), fields }
end
local function behindCursor(part, order)
  local key = queue .. part
  if order == 'tail' then
    local index = redis.call('LPOS', key, seen, 'RANK', -1)
    if index then return redis.call('LLEN', key) - index end
    return part == 'active' and tonumber(position) + 1 or 0
  end
  local rank = redis.call(order == 'asc' and 'ZRANK' or 'ZREVRANK', key, seen)
  if rank then return rank + 1 end
  if order == 'asc' then return redis.call('ZCOUNT', key, '-inf', '(' .. position) end
  return redis.call('ZCOUNT', key, '(' .. position, '+inf')
end
local isReached = cursorPart == ''
for i = lastField + 1, #ARGV, 2 do
  local part, order = ARGV[i], ARGV[i + 1]
  local from = 0
  if not isReached and part == cursorPart then
    from, isReached = behindCursor(part, order), true
  end
  local room = limit - #page
  if isReached and room > 0 then
    if order == 'tail' then
      local ids = redis.call('LRANGE', queue .. part, -(from + room), -(from + 1))
      for k = #ids, 1, -1 do put(part, tostring(from + #ids - k), ids[k]) end
    else
      local range = { 'ZRANGE', queue .. part, from, from + room - 1, 'WITHSCORES' }
      if order == 'desc' then table.insert(range, 5, 'REV') end
      local flat = redis.call(unpack(range))
      for k = 1, #flat, 2 do put(part, flat[k + 1], flat[k]) end
    end
  end
end
return page
