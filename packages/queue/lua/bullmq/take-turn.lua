-- Takes a turn for an entry that is about to be added: start-time fair queueing over owners, with its place as BullMQ's priority.
--
-- An owner's entries get turns that count up by one over the owner's weight (1, unless an operator said otherwise), and never one that
-- has passed: `now` is the lowest turn that waits. So of owners who all have entries waiting each gets as many in turn as it weighs,
-- however many each of them has, and who comes anew is next. Each turn has
-- two places: those of single jobs come before those of batches. So with whatever stands in batches a single job waits for nobody
-- else's, and for single jobs of others as long as they have come before; and since an owner has one entry in each turn, it takes
-- nothing from anybody. Within an owner the higher rank goes first (priority, and of equal ones the single job): the entry takes the
-- turn of the owner's first waiting one of lower rank, which takes that of the first of still lower rank, and so on; the last one gets
-- the new turn, behind its equals. What others get does not change by it.
--
-- KEYS[1]: the turns of the queue, a hash. KEYS[2]: prefix of the queue's keys. ARGV: the entry's id, its owner as it stands in keys,
-- its priority, '1' for a single job's, the owner's weight. Answers the place. (Scores of `prioritized` are place · 2³² + a counter.)
local turns, queue = KEYS[1], KEYS[2]
local id, owner, single = ARGV[1], ARGV[2], ARGV[4] == '1' and 1 or 0
local rank = ARGV[3] * 2 + single
local UNIT, LAST_TURN = 4294967296, 1000000
local weight = tonumber(ARGV[5] or 1)
local function int(n) return string.format('%.0f', n) end
-- Weights end at 100, so what is nearer to a whole turn than a thousandth is one: three thirds must not end before it.
local function part(n)
  local whole = math.floor(n + 0.5)
  return math.abs(n - whole) < 0.001 and int(whole) or string.format('%.6f', n)
end
local function waits(entry) return redis.call('ZSCORE', queue .. 'prioritized', entry) end
local function listKey(ofOwner, ofRank) return turns .. '/' .. ofOwner .. '/' .. ofRank end
local function placeOf(turn, ofRank) return 2 * turn + 1 - ofRank % 2 end
local function lists()
  local found = {}
  for _, field in ipairs(redis.call('HKEYS', turns)) do
    local ofOwner, ofRank = string.match(field, '^list:(.*):(%d+)$')
    if ofOwner then found[#found + 1] = listKey(ofOwner, ofRank) end
  end
  return found
end

local first = redis.call('ZRANGE', queue .. 'prioritized', 0, 0, 'WITHSCORES')
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
local isIdle = not first[1] and redis.call('ZCARD', queue .. 'delayed') == 0
-- An entry is added a moment after it has its turn.
if isIdle and at - (redis.call('HGET', turns, 'at') or 0) > 1000 and redis.call('EXISTS', turns) == 1 then
  -- Nobody waits: all begin anew.
  for _, key in ipairs(lists()) do redis.call('DEL', key) end
  redis.call('DEL', turns)
end
local now = tonumber(redis.call('HGET', turns, 'now') or 1)
if first[2] then now = math.max(now, math.floor(first[2] / UNIT / 2)) end
local next = math.max(now, tonumber(redis.call('HGET', turns, 'next:' .. owner) or 1))

if next > LAST_TURN then
  -- BullMQ's priorities end at 2²¹: all turns go back by what has passed. It comes once in a million turns.
  local back = math.max(0, now - 1)
  local function lower(entry)
    local place = tonumber(redis.call('HGET', queue .. entry, 'priority') or 0)
    if place > 0 then redis.call('HSET', queue .. entry, 'priority', int(math.max(2, place - 2 * back))) end
  end
  local waiting = redis.call('ZRANGE', queue .. 'prioritized', 0, -1, 'WITHSCORES')
  for i = 1, #waiting, 2 do
    redis.call('ZADD', queue .. 'prioritized', int(math.max(2 * UNIT, waiting[i + 1] - 2 * back * UNIT)), waiting[i])
    lower(waiting[i])
  end
  for _, entry in ipairs(redis.call('ZRANGE', queue .. 'delayed', 0, -1)) do lower(entry) end
  for _, entry in ipairs(redis.call('LRANGE', queue .. 'active', 0, -1)) do lower(entry) end
  for _, key in ipairs(lists()) do
    for _, entry in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, int(-back), entry) end
  end
  for _, field in ipairs(redis.call('HKEYS', turns)) do
    if string.sub(field, 1, 5) == 'next:' then
      redis.call('HSET', turns, field, part(math.max(1, redis.call('HGET', turns, field) - back)))
    end
  end
  now, next = now - back, math.min(next - back, LAST_TURN)
end

-- The owner's first waiting entry of this rank. Those that were taken meanwhile go from the list, a few at each look.
local function firstOf(ofRank)
  local key = listKey(owner, ofRank)
  while true do
    local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if not head[1] then return nil end
    if waits(head[1]) then return head[1], tonumber(head[2]) end
    redis.call('ZREM', key, head[1])
  end
end

-- Drops those of its own kind that were taken; the entry itself is not there yet.
firstOf(rank)
local turn, entry, ofRank = math.floor(next), id, rank
local give = {}
for lower = rank - 1, 0, -1 do
  local other, otherTurn = firstOf(lower)
  -- Of several lower ones the first in turn; what it loses it takes from those below it.
  if other and otherTurn < turn then
    give[#give + 1] = { entry, ofRank, otherTurn }
    redis.call('ZREM', listKey(owner, lower), other)
    entry, ofRank = other, lower
  end
end
give[#give + 1] = { entry, ofRank, turn }
for _, given in ipairs(give) do
  redis.call('ZADD', listKey(owner, given[2]), int(given[3]), given[1])
  redis.call('HSET', turns, 'list:' .. owner .. ':' .. given[2], 1)
  local score = given[1] ~= id and waits(given[1])
  if score then
    local place = placeOf(given[3], given[2])
    redis.call('ZADD', queue .. 'prioritized', int(place * UNIT + score % UNIT), given[1])
    redis.call('HSET', queue .. given[1], 'priority', int(place))
  end
end
redis.call('HSET', turns, 'at', int(at), 'now', int(now), 'next:' .. owner, part(next + 1 / weight))
return int(placeOf(give[1][3], rank))
