-- A page of ids over several sorted sets of one scope, newest first, of those whose traits fit. It looks at a bounded stretch of the list,
-- so a page may be short and yet not the last one. Jobs of which no traits are known fit: the caller looks at their records.
-- KEYS: the sets. ARGV: the id after which the stretch begins or '', the limit, how many are looked at, the sign of the verdict or '',
-- the least and greatest score in ten thousandths or '', the beginning of name or id in small letters or ''.
-- Answers the id after which to go on, '' at the end of the list, then the ids.
local after, limit, look, sign, least, most, q = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local STRETCH = 500
local function begins(text, with) return string.sub(text, 1, #with) == with end
local function fits(id, traits)
  if not traits then return true end
  if sign ~= '' and string.sub(traits, 1, 1) ~= sign then return false end
  if least or most then
    local score = tonumber(string.sub(traits, 2, 6))
    if not score or (least and score < least) or (most and score > most) then return false end
  end
  if q == '' then return true end
  local name = string.sub(traits, 7)
  -- Of a long name only the beginning is kept.
  return begins(name, q) or (#name >= NAME_KEPT - 3 and begins(q, name)) or begins(string.lower(id), q)
end
local found = {}
while look > 0 do
  local ids = {}
  for _, key in ipairs(KEYS) do
    for _, id in ipairs(redis.call('ZRANGE', key, after == '' and '+' or '(' .. after, '-', 'BYLEX', 'REV', 'LIMIT', 0, STRETCH)) do
      ids[#ids + 1] = id
    end
  end
  if #ids == 0 then return { '', unpack(found) } end
  table.sort(ids, function(a, b) return a > b end)
  local stretch = {}
  for i = 1, math.min(STRETCH, #ids) do stretch[i] = ids[i] end
  local traits = redis.call('HMGET', TRAITS, unpack(stretch))
  for i, id in ipairs(stretch) do
    after = id
    if fits(id, traits[i]) then
      found[#found + 1] = id
      if #found == limit then return { after, unpack(found) } end
    end
  end
  look = look - #stretch
end
return { after, unpack(found) }
