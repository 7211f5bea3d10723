-- Sets a number unless it is higher already. KEYS[1]: the number. ARGV[1]: its new value.
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
