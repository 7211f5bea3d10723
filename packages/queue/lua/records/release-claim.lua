-- Gives an unsettled claim back, unless another has taken it over. KEYS[1]: the claim. ARGV: the holder's token.
-- Answers 1 when nobody can go on with it any more.
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'holder')
if not f[1] then return 1 end
if f[2] ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
