-- Reads Redis's memory. It is a script with a key, so that in a cluster the node with the jobs answers. KEYS[1]: any
-- key of ours.
return redis.call('INFO', 'memory')
