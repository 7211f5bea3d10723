import { createLogger } from '@styleflow/runtime';
import { connectQueue } from '../connect-queue.js';
import { someJob } from '../test-jobs.js';

/**
 * Keeps a job in the Redis of `argv[2]` and reads it. It is a process of its own, because Node reads only once which
 * certificates it trusts.
 */
const connection = await connectQueue(
  {
    STYLEFLOW_REDIS_URL: process.argv[2] ?? '',
    STYLEFLOW_LOCK_SECONDS: 2,
    STYLEFLOW_OUTAGE_BUDGET_MINUTES: 15,
    STYLEFLOW_OWNER_WEIGHTS: new Map(),
    STYLEFLOW_MAX_QUEUED_JOBS: 100,
  },
  { logger: createLogger('queue-test', 'silent') },
);
const job = someJob();
await connection.records.create(job);
process.stdout.write((await connection.records.read(job.id))?.status ?? 'nothing');
await connection.close();
