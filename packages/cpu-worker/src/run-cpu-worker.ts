import type { ErrorCode } from '@styleflow/contracts';
import { connectQueue } from '@styleflow/queue';
import { type Health, type Logger, metrics, startAdminServer, VERSION } from '@styleflow/runtime';
import { openObjectStore, recordArchive } from '@styleflow/storage';
import { type CpuWorkerEnv, prepareConcurrency, prepareLimits } from './env.js';
import { finishJobHandler } from './finish/finish-job-handler.js';
import { prepareJobHandler } from './prepare/prepare-job-handler.js';
import { openPrepareThreads } from './prepare/prepare-threads.js';
import { openScratch } from './prepare/scratch.js';
import { announceWorker } from './start/announce-worker.js';
import { detectorModel } from './start/detector-model.js';
import { startSweep } from './sweep/sweep.js';

/** Alerts look at these: the first of them has to be seen. */
const OUR_FAULTS: readonly ErrorCode[] = ['internal', 'inference_failed', 'storage_unavailable', 'queue_unavailable'];

/** As long as event streams can be resumed: until then a record is asked for often. */
const RECORD_IN_REDIS_MS = 3_600_000;

export interface CpuWorker {
  readonly adminPort: number | null;
  /** Lets running work end within the grace, hands the rest back, closes everything. */
  stop(): Promise<void>;
}

/** Builds the process: what the stages need, the two stage workers, the sweep. */
export async function runCpuWorker(env: CpuWorkerEnv, logger: Logger): Promise<CpuWorker> {
  const detector = await detectorModel(env.STYLEFLOW_DETECTOR);
  const store = await openObjectStore(env);
  const archive = recordArchive(store);
  const connection = await connectQueue(env, { logger, archive });
  const { records, lists, endedJobs, leases, queue } = connection;
  await store.check();
  const changes = await connection.openChanges();
  const scratch = await openScratch(env.STYLEFLOW_SCRATCH_DIR, logger);
  const threads = await openPrepareThreads(
    {
      store: env,
      detector,
      limits: prepareLimits(env),
    },
    logger,
  );

  const ports = { records, queue, changes, store, logger };
  const slots = prepareConcurrency(env);
  const prepare = queue.workPrepare(prepareJobHandler({ ...ports, threads, scratch }), { concurrency: slots });
  const finish = queue.workFinish(finishJobHandler({ ...ports, version: VERSION }), {
    concurrency: env.STYLEFLOW_FINISH_CONCURRENCY,
  });
  const retention = {
    redisMs: RECORD_IN_REDIS_MS,
    mediaMs: env.STYLEFLOW_MEDIA_RETENTION_HOURS * 3_600_000,
    resultMs: env.STYLEFLOW_RESULT_RETENTION_DAYS * 86_400_000,
  };
  const sweep = startSweep({ ...ports, lists, endedJobs, leases, retention }, env.STYLEFLOW_SWEEP_SECONDS);

  for (const status of ['succeeded', 'canceled']) metrics.expectJobsEnd(status, ['']);
  metrics.expectJobsEnd('failed', OUR_FAULTS);
  let isDraining = false;
  const health = (): Health => {
    if (isDraining) return 'draining';
    return prepare.busy > 0 ? 'busy' : 'ready';
  };
  const admin = await startAdminServer({
    port: env.STYLEFLOW_ADMIN_PORT,
    host: env.STYLEFLOW_ADMIN_HOST,
    health,
    measure: () => metrics.setBusy(prepare.busy / slots),
    checkReady: async () => {
      await connection.redisHealth.check();
      await store.check();
    },
  });
  const announcement = await announceWorker(connection.announcements, logger, () => ({
    health: health(),
    slots: {
      prepare: { busy: prepare.busy, total: slots },
      finish: { busy: finish.busy, total: env.STYLEFLOW_FINISH_CONCURRENCY },
    },
  }));
  logger.info({ store: store.address, scratch: scratch.folder, slots }, 'cpu worker ready');
  return {
    adminPort: admin.port,
    async stop() {
      isDraining = true;
      const graceMs = env.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000;
      await Promise.all([sweep.stop(), prepare.close(graceMs), finish.close(graceMs)]);
      await announcement.stop();
      await threads.close();
      await scratch.close();
      await changes.close();
      await connection.close();
      await store.close();
      await admin.close();
    },
  };
}
