-- A shadow has done what it can. ARGV: `JOB.RUN`, the shadow by 12 digits. Answers whether the pixels may go.
return isDone(closeShadow(ARGV[1], ARGV[2]))
