-- A page of ids over several sorted sets of one scope. It is read in one step, so that a job that changes its status is
-- neither missed nor seen twice. KEYS: the sets. ARGV: 'newest' or 'oldest', the id after which the page begins or '',
-- the limit.
local newest, after, limit = ARGV[1] == 'newest', ARGV[2], tonumber(ARGV[3])
local ids = {}
for _, key in ipairs(KEYS) do
  local part
  if newest then
    part = redis.call('ZRANGE', key, after == '' and '+' or '(' .. after, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit)
  else
    part = redis.call('ZRANGE', key, after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, limit)
  end
  for _, id in ipairs(part) do ids[#ids + 1] = id end
end
table.sort(ids, function(a, b) if newest then return a > b end return a < b end)
local page = {}
for i = 1, math.min(limit, #ids) do page[i] = ids[i] end
return page
