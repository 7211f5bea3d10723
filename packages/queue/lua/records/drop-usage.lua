-- What was stored for a job is gone. ARGV: the id, the owner as it stands in keys, 'source' where that is gone alone.
if ARGV[3] == 'source' then dropUsage(ARGV[2], 'job:' .. ARGV[1]) else dropUsageOfJob(ARGV[2], ARGV[1]) end
return 1
