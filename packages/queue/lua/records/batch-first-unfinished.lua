-- The first item whose job has not ended. KEYS[1]: the batch. ARGV: its id, from which item on.
local f = redis.call('HMGET', KEYS[1], 'total', 'next', 'cancelRequested')
if not f[1] then return 0 end
local total, at = tonumber(f[1]), tonumber(ARGV[2])
-- Of a canceled batch what was never admitted is over, too.
local items = f[3] == '1' and tonumber(f[2]) or total
while at < items do
  local part = math.floor(at / ITEMS_PER_PART)
  local rows = KEYS[1] .. '/rows/' .. part
  local open = redis.call('HGET', rows, 'open')
  if (open or not isStored(KEYS[1], part)) and open ~= '0' then
    if not open then return at end
    local stored = isStored(KEYS[1], part)
    local last = math.min(items, (part + 1) * ITEMS_PER_PART)
    while at < last do
      local row = redis.call('HGET', rows, at)
      if row == '' or (not row and not stored) then return at end
      at = at + 1
    end
  end
  at = math.max(at, math.min(items, (part + 1) * ITEMS_PER_PART))
end
return total
