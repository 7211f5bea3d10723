import { hostname } from 'node:os';
import { graphBytes, graphOf, refuseInt8 } from '@styleflow/bundles';
import { type BundleFacts, digest12, JobError } from '@styleflow/contracts';
import { Batcher, hasVnni, sayFallback } from '@styleflow/inference';
import { connectQueue } from '@styleflow/queue';
import {
  type Closers,
  type Logger,
  metrics,
  openWithClosers,
  ProcessHealth,
  Slots,
  startAdminServer,
} from '@styleflow/runtime';
import { openMarkedStore } from '@styleflow/storage';
import { announceWorker, visibleFacts } from './announce/announce-worker.js';
import { RateMeter } from './announce/rate-meter.js';
import { bundleFactsOf } from './bundle/bundle-facts.js';
import { openEngineCache } from './bundle/engine-cache.js';
import { openWantedBundle, refuseTrained } from './bundle/open-wanted-bundle.js';
import { chooseMaxBatch } from './device/choose-max-batch.js';
import { openDevice } from './device/open-device.js';
import { modelThreads, unpackThreads } from './device/share-cores.js';
import { type GpuWorkerSettings, setEnv } from './env.js';
import { openGraphCache } from './graph-cache/open-graph-cache.js';
import type { LoadedClip } from './score/clip-scorer.js';
import { openKeptScorer } from './score/open-kept-scorer.js';
import { scoreClipsHandler } from './score/score-clips-handler.js';
import { idleGate } from './shadow/idle-gate.js';
import { startShadowLoop } from './shadow/shadow-loop.js';

export interface GpuWorker {
  readonly adminPort: number | null;
  /** Settles when the worker cannot continue and its process must be replaced. */
  readonly died: Promise<Error>;
  /**
   * To be called after it died. Takes no more clips and hands back those it holds, which have not failed. Resolves once
   * its threads have ended; a thread that hangs in the driver never does.
   */
  abandon(): Promise<void>;
  /** Finishes running clips within the grace period, hands the rest back to the queue, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the worker. Whatever can be wrong is found before the first clip is taken, and a failed start closes what it
 * has opened.
 */
export function runGpuWorker(settings: GpuWorkerSettings, logger: Logger): Promise<GpuWorker> {
  return openWithClosers((closers) => openGpuWorker(settings, logger, closers));
}

async function openGpuWorker(settings: GpuWorkerSettings, logger: Logger, closers: Closers): Promise<GpuWorker> {
  const health = new ProcessHealth();
  const slots = new Slots();
  const store = closers.add('store', await openMarkedStore(settings), (opened) => opened.close());
  // Before all that takes minutes: fetching a bundle and warming up are not to look like a dead process.
  const admin = await startAdminServer({
    port: settings.STYLEFLOW_ADMIN_PORT,
    host: settings.STYLEFLOW_ADMIN_HOST,
    health: () => health.now,
    readiness: () => health.readiness(),
    // Absent until it serves: autoscalers count the workers that do by it.
    measure: () => {
      if (slots.total > 0) metrics.setBusy(slots.busyRatio);
    },
  });
  closers.add('admin server', admin, (opened) => opened.close());
  const device = await openDevice(settings);
  setEnv(device.environment);
  // A bundle may lie in the store, too.
  const bundle = await health.reach('store', () => openWantedBundle(settings), { logger });
  if (device.simulated) refuseTrained(bundle);
  await refuseInt8(bundle, { provider: device.providers[0] ?? 'cpu', vnni: hasVnni });
  if (device.providers.includes('tensorrt')) setEnv(await openEngineCache(settings.STYLEFLOW_TENSORRT_CACHE, bundle));
  const graph = graphOf(bundle, device.providers[0] ?? 'cpu');
  if (!graph) throw new JobError('bundle_unknown', `${bundle.id} has no graph to serve`);
  const cache = await openGraphCache({
    ...{ folder: settings.STYLEFLOW_GRAPH_CACHE, bundle, graph },
    providers: device.providers,
  });
  const maxBatch = chooseMaxBatch({
    provider: device.providers[0] ?? 'cpu',
    wanted: settings.STYLEFLOW_MAX_BATCH,
    memoryBytes: device.memoryBytes,
    weightBytes: await graphBytes(bundle),
    variant: bundle.variant,
    precision: bundle.manifest.precision,
    bytesPerClip: bundle.manifest.bytesPerClip,
  });
  const untilReached = (reach: () => Promise<unknown>) => health.reach('redis', reach, { logger });
  const connection = await connectQueue(settings, { logger, untilReached });
  closers.add('queue', connection, (opened) => opened.close());
  const { records, announcements, queue, shadows } = connection;
  health.require('redis', () => connection.redisHealth.check());
  // The key of an inference worker may not make a store's marker: another process does.
  const storeId = await health.reach('store', () => store.identify(connection.storeRegister), { logger });
  health.require('store', () => store.check());
  const clipRate = new RateMeter();
  let served: BundleFacts | null = null;
  const announced = {
    announcements,
    served: () => served,
    logger,
    health: () => health.now,
    facts: visibleFacts(bundle, device.providers[0] ?? 'cpu', device.gpu?.name),
    load: () => ({
      slots: { score: { busy: slots.busy, total: slots.total } },
      clipsPerSecond: clipRate.sinceLastTime(),
    }),
    gpu: device.gpu,
  };
  // Redis may go away again while a worker starts.
  const announcement = await health.reach('redis', () => announceWorker(announced), { logger });
  closers.add('announcement', announcement, (opened) => opened.stop());
  logger.info({ bundle: bundle.id, graph: graph.file, maxBatch, gpu: device.gpu?.name }, 'loading and warming up');
  const start = {
    graphPath: graph.path,
    graph: graph.file,
    session: {
      providers: device.providers,
      threads: settings.STYLEFLOW_THREADS || modelThreads(),
      deviceId: 0,
      ...(device.simulated && { simulated: device.simulated }),
    },
    maxBatch,
    store: settings,
    storeId,
    unpackThreads: settings.STYLEFLOW_UNPACK_THREADS || unpackThreads(device.providers),
  };
  const { scorer, keep } = await openKeptScorer(start, cache, logger);
  closers.add('scorer', scorer, (opened) => opened.close());
  // Fewer clips than estimated when the device could not hold the estimate.
  const { provider, placement, warmUp, maxBatch: fitting } = scorer.facts;
  logger.info({ provider, nodes: placement?.counts, warmUp, maxBatch: fitting }, 'warm');
  const fallback = placement && sayFallback(placement, provider);
  if (fallback) logger.warn({ fallback: placement.fallback }, fallback);

  const batcher = new Batcher({
    maxBatch: fitting,
    maxWaitMs: settings.STYLEFLOW_BATCH_WAIT_MS,
    run: async (clips: readonly LoadedClip[]) => {
      const outcomes = await scorer.score(clips);
      clipRate.add(outcomes.filter((outcome) => 'value' in outcome).length);
      return outcomes;
    },
    preparesNext: true,
  });
  closers.add('batcher', batcher, (opened) => opened.close());
  await health.reach('redis', () => announcements.rememberBundle(bundleFactsOf(bundle)), { logger });
  served = bundleFactsOf(bundle);
  const handler = scoreClipsHandler({ records, shadows, store, scorer, batcher, logger });
  // Three batches are held: one runs, one is stacked, one is fetched and decoded.
  slots.open(3 * fitting);
  const gate = idleGate({
    ...{ queue, announcements, maxBatch: fitting },
    own: {
      ...{ bundle: digest12(bundle.digest), host: hostname() },
      ...{ provider: device.providers[0] ?? 'cpu', card: device.gpu?.uuid ?? null },
    },
    busy: () => slots.busy,
  });
  const serve: typeof handler = (attempt) => {
    gate.noteServed();
    return slots.during(() => handler(attempt));
  };
  const worker = queue.workScore(serve, {
    concurrency: slots.total,
    bundleDigest: bundle.digest,
    checks: { store: () => store.check() },
  });
  health.require('work', async () => {
    // A worker that is itself at fault takes nothing.
    if (worker.fault !== null) throw worker.fault;
  });
  const graceMs = settings.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000;
  closers.add('score worker', worker, async (opened) => {
    health.drain();
    await announcement.tell();
    await opened.close(graceMs);
  });
  const shadowLoop = startShadowLoop({
    ...{ records, shadows, store, scorer, batcher, gate, logger },
    bundle: digest12(bundle.digest),
  });
  closers.add('shadow scoring', shadowLoop, (opened) => opened.stop());
  health.serve(() => slots.busy > 0);
  await announcement.tell();
  // Beside the work: a start does not wait for it, an end does.
  closers.add('graph cache', keep(), (kept) => kept);
  return {
    adminPort: admin.port,
    died: scorer.died,
    async abandon() {
      await Promise.all([worker.close(0), scorer.close()]);
    },
    stop: () => closers.closeAll(),
  };
}
