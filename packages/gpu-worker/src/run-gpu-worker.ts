import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphBytes, type ServableBundle } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { Batcher, sayFallback, tensorrtEnvironment } from '@styleflow/inference';
import { connectQueue, type StageWorker } from '@styleflow/queue';
import { type Health, type Logger, metrics, startAdminServer } from '@styleflow/runtime';
import { openObjectStore } from '@styleflow/storage';
import { announceWorker, visibleFacts } from './announce/announce-worker.js';
import { RateMeter } from './announce/rate-meter.js';
import { bundleFactsOf } from './bundle/bundle-facts.js';
import { openWantedBundle } from './bundle/open-wanted-bundle.js';
import { chooseMaxBatch } from './device/choose-max-batch.js';
import { openDevice } from './device/open-device.js';
import { modelThreads, unpackThreads } from './device/share-cores.js';
import { type GpuWorkerSettings, setEnv } from './env.js';
import { type LoadedClip, openClipScorer } from './score/clip-scorer.js';
import { scoreClipsHandler } from './score/score-clips-handler.js';

export interface GpuWorker {
  readonly adminPort: number | null;
  /** Settles when the worker cannot go on and its process must be replaced. */
  readonly died: Promise<Error>;
  /**
   * After it died: takes nothing more, and hands back what it holds, which has not failed. Resolves once its threads have
   * left, which one that hangs in the driver never does.
   */
  abandon(): Promise<void>;
  /** Ends what runs within the grace, hands the rest back to the queue, and closes everything. */
  stop(): Promise<void>;
}

/** Starts the worker: everything that can be wrong is found before the first clip is taken. */
export async function runGpuWorker(settings: GpuWorkerSettings, logger: Logger): Promise<GpuWorker> {
  let health: Health = 'starting';
  let worker: StageWorker | undefined;
  const readHealth = (): Health => (health === 'ready' && (worker?.busy ?? 0) > 0 ? 'busy' : health);
  const store = await openObjectStore(settings);
  let checkQueue = async (): Promise<void> => undefined;
  // Before everything else: fetching a bundle and warming up take minutes, which are not to look like a dead process.
  const admin = await startAdminServer({
    port: settings.STYLEFLOW_ADMIN_PORT,
    host: settings.STYLEFLOW_ADMIN_HOST,
    health: readHealth,
    checkReady: async () => {
      await Promise.all([checkQueue(), store.check()]);
    },
  });
  const device = await openDevice(settings);
  setEnv(device.environment);
  const bundle = await openWantedBundle(settings);
  if (device.simulated) refuseTrained(bundle);
  if (device.providers.includes('tensorrt')) setEnv(await engineCache(settings.STYLEFLOW_TENSORRT_CACHE, bundle));
  const maxBatch = chooseMaxBatch({
    provider: device.providers[0] ?? 'cpu',
    wanted: settings.STYLEFLOW_MAX_BATCH,
    memoryBytes: device.memoryBytes,
    weightBytes: await graphBytes(bundle),
    variant: bundle.variant,
    precision: bundle.manifest.precision,
    bytesPerClip: bundle.manifest.bytesPerClip,
  });
  const connection = await connectQueue(settings, { logger });
  const { records, announcements, queue } = connection;
  checkQueue = () => connection.redisHealth.check();
  let concurrency = 0;
  const clipRate = new RateMeter();
  const announcement = await announceWorker({
    announcements,
    logger,
    health: readHealth,
    facts: visibleFacts(bundle, device.providers[0] ?? 'cpu', device.gpu?.name),
    load: () => ({
      slots: { score: { busy: worker?.busy ?? 0, total: concurrency } },
      clipsPerSecond: clipRate.sinceLastTime(),
    }),
    gpu: device.gpu,
  });
  logger.info({ bundle: bundle.id, maxBatch, gpu: device.gpu?.name }, 'loading and warming up');
  const scorer = await openClipScorer({
    graphPath: bundle.graphPath,
    session: {
      providers: device.providers,
      threads: settings.STYLEFLOW_THREADS || modelThreads(),
      deviceId: 0,
      ...(device.simulated && { simulated: device.simulated }),
    },
    maxBatch,
    store: settings,
    unpackThreads: settings.STYLEFLOW_UNPACK_THREADS || unpackThreads(device.providers),
  }).catch(async (error: unknown) => {
    await announcement.stop();
    throw error;
  });
  const { provider, placement, warmUp } = scorer.facts;
  // Less than was estimated when the device could not hold it.
  const fitting = warmUp[0]?.batchSize ?? maxBatch;
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
  // One batch runs, the next one is stacked, the one after that is fetched and decoded.
  concurrency = 3 * fitting;
  const handler = scoreClipsHandler({ records, store, scorer, batcher, logger });
  await announcements.rememberBundle(bundleFactsOf(bundle));
  const serving = queue.workScore(
    async (attempt) => {
      metrics.setBusy(serving.busy / concurrency);
      try {
        await handler(attempt);
      } finally {
        // This attempt still counts as busy here.
        metrics.setBusy((serving.busy - 1) / concurrency);
      }
    },
    { concurrency, bundleDigest: bundle.digest },
  );
  worker = serving;
  // Absent before: autoscalers count the workers that serve by it.
  metrics.setBusy(0);
  health = 'ready';
  await announcement.tell();
  return {
    adminPort: admin.port,
    died: scorer.died,
    async abandon() {
      await Promise.all([serving.close(0), scorer.close()]);
    },
    async stop() {
      health = 'draining';
      await announcement.tell();
      await serving.close(settings.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000);
      await announcement.stop();
      await batcher.close();
      await scorer.close();
      await Promise.all([connection.close(), store.close(), admin.close()]);
    },
  };
}

async function engineCache(folder: string | undefined, { digest, manifest }: ServableBundle) {
  const cacheFolder = join(folder ?? join(tmpdir(), 'styleflow-tensorrt'), digest);
  await mkdir(cacheFolder, { recursive: true });
  return tensorrtEnvironment({ cacheFolder, fp16: manifest.precision === 'fp16' });
}

/** Made-up logits must never reach a verdict: only an untrained bundle yields none. */
function refuseTrained({ id, manifest }: ServableBundle): void {
  if (!manifest.trained) return;
  throw new JobError('internal', `${id} is trained: STYLEFLOW_SIMULATED_DEVICE serves untrained bundles only`, {
    retryable: false,
  });
}
