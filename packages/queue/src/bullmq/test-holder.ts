import type { JobId } from '@styleflow/contracts';
import { connectQueue } from '../connect-queue.js';
import { quietLogger } from '../test-connection.js';

/** A process of the tests' own that takes a prepare entry, says so to its parent and holds it until it is killed. */
const [url = '', lockDurationMs = '1000'] = process.argv.slice(2);
const { queue } = await connectQueue(
  {
    STYLEFLOW_REDIS_URL: url,
    STYLEFLOW_MAX_QUEUED_JOBS: 100,
    STYLEFLOW_LOCK_SECONDS: 30,
    STYLEFLOW_OUTAGE_BUDGET_MINUTES: 15,
    STYLEFLOW_OWNER_WEIGHTS: new Map(),
  },
  { logger: quietLogger, lockDurationMs: Number(lockDurationMs) },
);
queue.workPrepare(
  async ({ payload, number }) => {
    process.send?.({ job: payload.job satisfies JobId, number });
    await new Promise(() => undefined);
  },
  { concurrency: 1 },
);
process.on('disconnect', () => process.exit(1));
