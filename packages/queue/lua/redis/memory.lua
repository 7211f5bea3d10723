-- As a script with a key, so that of a cluster's nodes the one with the jobs answers. KEYS[1]: any of ours.
return redis.call('INFO', 'memory')
