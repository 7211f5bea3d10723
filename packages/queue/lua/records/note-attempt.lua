-- Writes an attempt into the log of a delivery. KEYS[1]: the deliveries. ARGV: its number, the status, the attempt as JSON text, when
-- the next one is to be, in ms, or '', how many attempts are kept. Answers 0 when the delivery is gone.
local n = ARGV[1]
if redis.call('HEXISTS', KEYS[1], n) == 0 then return 0 end
local log = redis.call('HGET', KEYS[1], n .. ':log')
local entry = log and cjson.decode(log) or {}
local lines = entry.lines or {}
lines[#lines + 1] = ARGV[3]
while #lines > tonumber(ARGV[5]) do table.remove(lines, 1) end
redis.call('HSET', KEYS[1], n .. ':log',
  cjson.encode({ status = ARGV[2], made = (entry.made or 0) + 1, since = entry.since, next = ARGV[4], lines = lines }))
return 1
