-- Messages to the webhook of a job or batch and their log. Those that are still to be put into their queue stand in the outbox.
local OUTBOX = OWN .. 'webhooks/outbox'
local function deliveriesKey(of) return OWN .. 'webhooks/of/' .. of end
local function keepDeliveries(of)
  redis.call('EXPIRE', deliveriesKey(of), DELIVERIES_TTL_S)
  redis.call('EXPIRE', secretsKey(of), DELIVERIES_TTL_S)
end
-- The one place where a message to a webhook comes to be, in the step that decides what it tells. `target` and `data` are JSON. The id
-- is made of whose, run and event, so one that is there stays. It has no dot, which separates id, time and body in what is signed.
local function recordDelivery(of, target, event, run, data)
  local key, id = deliveriesKey(of), of .. '_' .. run .. '_' .. string.gsub(event, '%.', '_')
  local known = redis.call('HGET', key, 'id:' .. id)
  if known then return tonumber(known) end
  local n = redis.call('HINCRBY', key, 'last', 1)
  local message = { id = id, event = event, run = run, at = int(now()), target = target, data = data }
  redis.call('HSET', key, 'id:' .. id, n, n, cjson.encode(message))
  keepDeliveries(of)
  redis.call('ZADD', OUTBOX, int(now()), of .. ' ' .. n)
  return n
end
