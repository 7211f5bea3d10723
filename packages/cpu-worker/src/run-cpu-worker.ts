import { OUR_FAULTS } from '@styleflow/contracts';
import { decodeCage, requireCage } from '@styleflow/media';
import { closeLauncher } from '@styleflow/media/launcher';
import { connectQueue, type StageWorker } from '@styleflow/queue';
import {
  type Closers,
  type Logger,
  metrics,
  openWithClosers,
  ProcessHealth,
  Slots,
  startAdminServer,
  VERSION,
} from '@styleflow/runtime';
import { openMarkedStore, recordArchive } from '@styleflow/storage';
import { startBatchLoop } from './batches/batch-loop.js';
import {
  type CpuWorkerEnv,
  fetchConcurrency,
  fetchLimits,
  prepareConcurrency,
  prepareLimits,
  programPath,
  shadowSettings,
  sourceRules,
  webhookLimits,
} from './env.js';
import { FetchTurns } from './fetch/fetch-turns.js';
import { SlowFetches } from './fetch/slow-fetches.js';
import { openSourceFetcher } from './fetch/source-fetcher.js';
import { finishJobHandler } from './finish/finish-job-handler.js';
import { leaveNothing } from './leave-nothing.js';
import { DecodePlaces } from './prepare/decode-places.js';
import { holdForShadows } from './prepare/hold-for-shadows.js';
import { prepareJobHandler } from './prepare/prepare-job-handler.js';
import { openPrepareThreads } from './prepare/prepare-threads.js';
import { digestPreprocessing } from './prepare/preprocessing-digest.js';
import { openScratch } from './prepare/scratch.js';
import { startReportPrinter } from './print/report-printer.js';
import { announceWorker } from './start/announce-worker.js';
import { checkDescriptorLimit, checkDescriptors, checkPrograms } from './start/check-worker.js';
import { detectorModel } from './start/detector-model.js';
import { startSweep } from './sweep/sweep.js';
import { startWebhookSender } from './webhooks/webhook-sender.js';

/** As long as event streams can be resumed: until then a record is asked for often. */
const RECORD_IN_REDIS_MS = 3_600_000;

export interface CpuWorker {
  readonly adminPort: number | null;
  /** Lets running work end within the grace, hands the rest back, closes everything. */
  stop(): Promise<void>;
}

/** Builds the process: what the stages need, the two stage workers, the sweep. A failed start undoes itself. */
export function runCpuWorker(env: CpuWorkerEnv, logger: Logger): Promise<CpuWorker> {
  return openWithClosers((closers) => openCpuWorker(env, logger, closers));
}

async function openCpuWorker(env: CpuWorkerEnv, logger: Logger, closers: Closers): Promise<CpuWorker> {
  const health = new ProcessHealth();
  const preparing = new Slots();
  const fetching = new Slots();
  const finishing = new Slots();
  await checkDescriptorLimit(prepareConcurrency(env));
  closers.add('launcher', null, () => closeLauncher());
  const cage = decodeCage();
  if (env.STYLEFLOW_DECODE_CAGE === 'required') requireCage(cage);
  logger.info({ bars: cage.bars, missing: cage.missing }, 'the cage of the decoder');
  const detector = await detectorModel(env.STYLEFLOW_DETECTOR);
  const preprocessing = {
    adaptive: await digestPreprocessing(detector, 'adaptive'),
    dense: await digestPreprocessing(detector, 'dense'),
  };
  const store = closers.add('store', await openMarkedStore(env), (opened) => opened.close());
  // Before Redis and the store, which may be waited for: until then it tells why.
  const admin = await startAdminServer({
    port: env.STYLEFLOW_ADMIN_PORT,
    host: env.STYLEFLOW_ADMIN_HOST,
    health: () => health.now,
    readiness: () => health.readiness(),
    measure: () => {
      if (preparing.total > 0) metrics.setBusy(preparing.busyRatio);
      metrics.setFetches(fetching.busy);
    },
  });
  closers.add('admin server', admin, (opened) => opened.close());
  const connection = await connectQueue(env, {
    logger,
    archive: recordArchive(store),
    secretKeys: env.STYLEFLOW_SECRET_KEY,
    untilReached: (reach) => health.reach('redis', reach, { logger }),
  });
  closers.add('queue', connection, (opened) => opened.close());
  const {
    records,
    lists,
    batches,
    claims,
    announcements,
    arrivals,
    custodyLogs,
    endedJobs,
    lostJobs,
    leases,
    clock,
    deletionPace,
    vault,
    shadows,
    queue,
  } = connection;
  health.require('redis', () => connection.redisHealth.check());
  const identified = async (): Promise<string> => {
    const id = await store.identify(connection.storeRegister);
    await store.check();
    return id;
  };
  const storeId = await health.reach('store', identified, { logger });
  health.require('store', () => store.check());
  const changes = closers.add('changes', await connection.openChanges(), (opened) => opened.close());
  const scratch = await openScratch(env.STYLEFLOW_SCRATCH_DIR, logger);
  closers.add('scratch', scratch, (opened) => opened.close());
  const own = {
    scratch: () => scratch.check(),
    programs: () => checkPrograms(programPath()),
    descriptors: checkDescriptors,
  };
  for (const [name, check] of Object.entries(own)) health.require(name, check);
  const threads = await openPrepareThreads({ store: env, storeId, detector, limits: prepareLimits(env) }, logger);
  closers.add('prepare threads', threads, (opened) => opened.close());
  const fetcher = await openSourceFetcher(
    { store: env, storeId, limits: fetchLimits(env) },
    { vault, records, store, logger },
  );
  closers.add('fetch thread', fetcher, (opened) => opened.close());
  const printer = startReportPrinter(
    { reports: connection.reports, store, scratch, logger },
    { searchPath: programPath(), withoutSandbox: env.STYLEFLOW_PDF_WITHOUT_SANDBOX },
  );
  const facts = () => ({
    health: health.now,
    decodeCage: [...cage.bars],
    printsReports: printer.prints,
    slots: {
      prepare: { busy: preparing.busy, total: preparing.total },
      finish: { busy: finishing.busy, total: finishing.total },
    },
  });
  // Redis may go away again while a worker starts.
  const announcing = () => announceWorker(connection.announcements, logger, facts);
  const announcement = await health.reach('redis', announcing, { logger });
  closers.add('announcement', announcement, (opened) => opened.stop());

  const ports = { records, queue, changes, store, shadows, logger };
  preparing.open(prepareConcurrency(env));
  const most = fetchConcurrency(env, preparing.total, await scratch.freeBytes());
  const turns = new FetchTurns({
    ...{ targetPlaces: connection.targetPlaces, lists },
    ...{ maxPerHost: env.STYLEFLOW_MAX_FETCHES_PER_HOST, fetches: most },
  });
  const fetches = new SlowFetches({
    ...{ atOnce: preparing.total, most, slots: fetching },
    resize: (entries) => preparer.resize(entries),
  });
  const decodePlaces = new DecodePlaces(preparing.total);
  const prepareVideo = prepareJobHandler({
    ...{ ...ports, threads, scratch, clock, fetcher, turns, fetches },
    // Counted where videos are decoded: what is only fetched takes no place.
    preprocessing,
    decodePlaces: { during: (task, signal) => decodePlaces.during(() => preparing.during(task), signal) },
    maxJobMs: env.STYLEFLOW_MAX_JOB_HOURS * 3_600_000,
    hold: (record) => holdForShadows(ports, shadowSettings(env), record),
  });
  const prepareJob = leaveNothing(ports, prepareVideo);
  const finishJob = leaveNothing(
    ports,
    finishJobHandler({ ...ports, version: VERSION, language: env.STYLEFLOW_REPORT_LANGUAGE }),
  );
  finishing.open(env.STYLEFLOW_FINISH_CONCURRENCY);
  const checks = { store: () => store.check(), ...own };
  const preparer = queue.workPrepare(prepareJob, { concurrency: preparing.total, checks });
  const workers = [
    preparer,
    queue.workFinish((attempt) => finishing.during(() => finishJob(attempt)), { concurrency: finishing.total, checks }),
  ];
  health.require('work', () => throwFault(workers));
  const retention = {
    redisMs: RECORD_IN_REDIS_MS,
    mediaMs: env.STYLEFLOW_MEDIA_RETENTION_HOURS * 3_600_000,
    resultMs: env.STYLEFLOW_RESULT_RETENTION_DAYS * 86_400_000,
    maxPerMinute: env.STYLEFLOW_RETENTION_MAX_PER_MINUTE,
  };
  const tellWhichStore = () => store.identify(connection.storeRegister);
  const sweepPorts = {
    ...ports,
    lists,
    batches,
    custodyLogs,
    arrivals,
    endedJobs,
    lostJobs,
    claims,
    tellWhichStore,
    leases,
    clock,
    deletionPace,
    retention,
    announcements,
    opinions: connection.opinions,
    outageBudgetMs: env.STYLEFLOW_OUTAGE_BUDGET_MINUTES * 60_000,
  };
  const sweep = startSweep(sweepPorts, env.STYLEFLOW_SWEEP_SECONDS);
  const { deliveries, circuits, targetPlaces, webhooks } = connection;
  const senderPorts = { deliveries, circuits, targetPlaces, webhooks, vault, clock, logger };
  const sender = startWebhookSender({ ...senderPorts, limits: webhookLimits(env) });
  const batchChanges = closers.add('batch changes', await connection.openBatchChanges(), (opened) => opened.close());
  const { lostBatches, singles, weights } = connection;
  const batchPorts = {
    ...ports,
    batches,
    singles,
    weights,
    lostBatches,
    lostJobs,
    lists,
    claims,
    announcements,
    leases,
    vault,
    sourceRules: sourceRules(env),
  };
  const batchLoop = startBatchLoop(batchPorts, batchChanges);
  const graceMs = env.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000;
  closers.add('stage workers and sweep', workers, async (opened) => {
    health.drain();
    // Together: they share one grace.
    await Promise.all([
      sweep.stop(),
      batchLoop.stop(),
      sender.close(graceMs),
      printer.close(graceMs),
      ...opened.map((worker) => worker.close(graceMs)),
    ]);
  });

  for (const status of ['succeeded', 'canceled']) metrics.expectJobsEnd(status, ['']);
  // Alerts look at these: the first of them has to be seen.
  metrics.expectJobsEnd('failed', OUR_FAULTS);
  health.serve(() => preparing.busy > 0 || fetching.busy > 0);
  await announcement.tell();
  logger.info({ store: store.address, scratch: scratch.folder, slots: preparing.total }, 'cpu worker ready');
  return { adminPort: admin.port, stop: () => closers.closeAll() };
}

/** A worker that is itself at fault takes nothing, so the process is not ready. */
async function throwFault(workers: readonly StageWorker[]): Promise<void> {
  for (const { fault } of workers) if (fault !== null) throw fault;
}
