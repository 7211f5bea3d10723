-- Sealed secrets of a job, by name.
local function secretsKey(id) return OWN .. 'secrets/' .. id end
-- A new record comes with its sealed secrets in the field `sealed`, a JSON list of name, box, …: they do not stay in it.
local function keepSecrets(id)
  local sealed = redis.call('HGET', KEYS[1], 'sealed')
  if not sealed then return end
  local boxes = cjson.decode(sealed)
  if #boxes > 0 then redis.call('HSET', secretsKey(id), unpack(boxes)) end
  redis.call('HDEL', KEYS[1], 'sealed')
end
