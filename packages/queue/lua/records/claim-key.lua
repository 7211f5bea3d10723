-- Claims an idempotency key for a submission, or takes a claim over whose holder has gone.
-- KEYS[1]: the claim. ARGV: the fingerprint, the id that the job would have, the holder's token, the lease and what an unsettled
-- claim is kept, both in milliseconds.
-- Answers 'mine' with the id to go on under · 'same' with the settled job · 'in_flight' with the id and the milliseconds left ·
-- 'other_request'.
local f = redis.call('HMGET', KEYS[1], 'fingerprint', 'job', 'minted', 'leaseUntil')
if f[1] and f[1] ~= ARGV[1] then return { 'other_request' } end
if f[2] then return { 'same', f[2] } end
-- Of a version that knew no lease: it holds for as long as it is there.
if f[1] and not f[3] then return { 'in_flight', '', redis.call('PTTL', KEYS[1]) } end
local left = f[4] and tonumber(f[4]) - now() or 0
if left > 0 then return { 'in_flight', f[3], left } end
local minted = f[3] or ARGV[2]
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'minted', minted, 'holder', ARGV[3], 'leaseUntil', int(now() + ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { 'mine', minted }
