-- ARGV: the id, the run.
return wanted(ARGV[2]) and 1 or 0
