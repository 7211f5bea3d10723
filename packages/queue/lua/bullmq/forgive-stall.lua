-- Takes back one count of an entry that seemed to have cost a worker. KEYS[1]: the entry. The count may fall below zero: BullMQ's
-- look for lost workers, which raises it, may come later.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'stc', -1)
