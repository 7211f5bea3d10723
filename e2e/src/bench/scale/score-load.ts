import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeClip } from '@styleflow/clips';
import { type BundleFacts, CLIP_FRAMES, CLIP_SIZE, type JobId, type JobOptions, mintJobId } from '@styleflow/contracts';
import { connectQueue, preparePayloadOf, type QueueConnection, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { clipKey, type ObjectStore, openObjectStore, storeSettings } from '@styleflow/storage';
import { type RedisServer, startRedis } from '@styleflow/testing';

/**
 * Clips of one job: about as many as real jobs have, so that the queue's limits on children matter as much as they do
 * there.
 */
const CLIPS_A_JOB = 100;
const OPTIONS: JobOptions = {
  maxFrames: 0,
  sampling: 'head',
  faces: 'all',
  detection: 'adaptive',
  priority: 5,
  keepCrops: false,
  keepSource: false,
};
const SOURCE = { type: 'url', url: 'https://example.org/video.mp4' } as const;

/** Jobs whose clips wait to be scored, made without videos, as many as a benchmark wants. */
export interface ScoreLoad {
  readonly redis: RedisServer;
  readonly store: ObjectStore;
  readonly connection: QueueConnection;
  /** Settings for the workers that score them. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes jobs with `count` clips in all. Their pixels are stored, but nothing is queued yet. */
  makeClips(count: number, bundle: BundleFacts): Promise<readonly PendingClip[]>;
  queueClip(clip: PendingClip): Promise<void>;
  /** Clips that the records count as scored. */
  countScored(jobs: readonly JobId[]): Promise<number>;
  close(): Promise<void>;
}

export interface PendingClip {
  readonly job: JobId;
  readonly clip: number;
  readonly bundleDigest: string;
}

export async function openScoreLoad(): Promise<ScoreLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-load-'));
  const redis = await startRedis({ appendfsync: 'everysec' });
  const env = {
    PATH: process.env.PATH ?? '',
    STYLEFLOW_REDIS_URL: redis.url,
    STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
    STYLEFLOW_LOG_LEVEL: 'warn',
  };
  const store = await openObjectStore(parseEnv(storeSettings, env));
  const connection = await connectQueue(parseEnv(queueSettings, env), { logger: createLogger('bench', 'silent') });
  const bytes = await encodeClip(movingPicture());
  return {
    redis,
    store,
    connection,
    env,
    async makeClips(count, bundle) {
      const clips: PendingClip[] = [];
      for (let first = 0; first < count; first += CLIPS_A_JOB) {
        const job = await makeJob(connection, bundle);
        for (let clip = 0; clip < Math.min(CLIPS_A_JOB, count - first); clip++) {
          await store.put(clipKey(job, 1, 0, clip), bytes, 'application/octet-stream');
          clips.push({ job, clip, bundleDigest: bundle.digest });
        }
      }
      return clips;
    },
    queueClip: ({ job, clip, bundleDigest }) =>
      connection.queue.addScore(
        { v: 1, job, run: 1, track: 0, clip, keepCrops: false },
        bundleDigest,
        OPTIONS.priority,
      ),
    async countScored(jobs) {
      const records = await connection.records.readMany(jobs);
      return records.reduce((sum, { progress }) => sum + progress.clipsScored, 0);
    },
    async close() {
      await connection.close();
      await store.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a job under way. No worker is at its `prepare`. */
export async function makeJob({ records, queue }: QueueConnection, bundle: BundleFacts): Promise<JobId> {
  const job = mintJobId();
  const record = await records.create({
    id: job,
    owner: 'local',
    source: SOURCE,
    options: OPTIONS,
    bundle,
    metadata: {},
  });
  await queue.addFlow(preparePayloadOf(record));
  await records.beginPrepare({ job, run: 1 });
  return job;
}

/** RGB bytes of a clip that takes about as long to decode as a face: drifting shades with noise of three bits. */
function movingPicture(): Uint8Array {
  const frame = CLIP_SIZE * CLIP_SIZE * 3;
  const pixels = new Uint8Array(CLIP_FRAMES * frame);
  let noise = 1;
  for (let index = 0; index < pixels.length; index++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    pixels[index] = ((((index % frame) >> 9) + Math.floor(index / frame) * 3) & 255) ^ (noise >>> 29);
  }
  return pixels;
}
