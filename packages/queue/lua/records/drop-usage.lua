-- What was stored for a job is gone. ARGV: the id, the owner as it stands in keys.
dropUsage(ARGV[2], 'job:' .. ARGV[1])
return 1
