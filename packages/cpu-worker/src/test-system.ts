import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeScore } from '@styleflow/clips';
import {
  type BundleFacts,
  type ClipScore,
  type JobId,
  type JobOptions,
  JobOptionsSchema,
  mintJobId,
} from '@styleflow/contracts';
import {
  type BatchRecords,
  type CustodyLogs,
  connectQueue,
  type DeletionPace,
  type EndedJobs,
  type JobLists,
  type JobQueue,
  type JobRecord,
  type JobRecords,
  type Leases,
  type LostJobs,
  type NewJob,
  preparePayloadOf,
  type QueueConnection,
  type SecretVault,
  type SharedClock,
  sealSource,
} from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { clipKey, type ObjectStore, openMarkedStore, recordArchive, sourceKey } from '@styleflow/storage';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { type CpuWorkerEnv, readEnv } from './env.js';

/** What this package's tests run on: a Redis and a file store of their own, and a client's side of both. */
export interface TestSystem {
  readonly env: CpuWorkerEnv;
  readonly folder: string;
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly batches: BatchRecords;
  readonly connection: QueueConnection;
  readonly claims: QueueConnection['claims'];
  readonly endedJobs: EndedJobs;
  readonly custodyLogs: CustodyLogs;
  readonly leases: Leases;
  readonly clock: SharedClock;
  readonly deletionPace: DeletionPace;
  readonly queue: JobQueue;
  readonly store: ObjectStore;
  readonly vault: SecretVault;
  readonly lostJobs: LostJobs;
  readonly tellWhichStore: () => Promise<unknown>;
  readonly redis: RedisServer;
  /** Submits a video file as an upload, as the API does; without a preview, which few tests look at. */
  submit(video: string, options?: Partial<JobOptions>): Promise<JobId>;
  /** Submits a URL. */
  submitUrl(url: string, owner?: string, options?: Partial<JobOptions>): Promise<JobId>;
  readonly bundleDigest: string;
  /** A job's record and bundle alone, without a flow. */
  createJob(options?: Partial<JobOptions>, id?: JobId, given?: Partial<NewJob>): Promise<JobRecord>;
  /** Starts a worker that scores every clip with this logit, in place of a GPU worker. */
  score(logit: (track: number, clip: number) => number): void;
  waitForEnd(job: JobId): Promise<JobRecord>;
  stop(): Promise<void>;
}

export const quietLogger = createLogger('cpu-worker-test', 'silent');

export async function startTestSystem(
  variables: Readonly<Record<string, string>> = {},
  start: () => Promise<RedisServer> = startRedis,
): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-cpu-worker-'));
  const redis = await start();
  const env = readEnv({
    STYLEFLOW_REDIS_URL: redis.url,
    STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
    STYLEFLOW_SCRATCH_DIR: join(folder, 'scratch'),
    STYLEFLOW_SWEEP_SECONDS: '1',
    STYLEFLOW_SHUTDOWN_GRACE_SECONDS: '0',
    ...variables,
  });
  const store = await openMarkedStore(env);
  const archive = recordArchive(store);
  const secretKeys = env.STYLEFLOW_SECRET_KEY;
  const connection = await connectQueue(env, { logger: quietLogger, archive, secretKeys });
  const { records, lists, batches, endedJobs, custodyLogs, lostJobs, leases, clock, deletionPace, vault, queue } =
    connection;
  const tellWhichStore = () => store.identify(connection.storeRegister);
  await tellWhichStore();
  const digest = createHash('sha256').update(folder).digest('hex');
  const bundle: BundleFacts = {
    id: `test@${digest.slice(0, 12)}`,
    digest,
    variant: 'style-content',
    precision: 'fp32',
    trained: true,
    threshold: 0.2,
    calibration: { a: 1, b: 0 },
  };
  const closers: (() => Promise<void>)[] = [];

  async function createJob(
    options: Partial<JobOptions> = {},
    id = mintJobId(),
    given: Partial<NewJob> = {},
  ): Promise<JobRecord> {
    return records.create({
      id,
      owner: 'local',
      source: { type: 'upload', uploadId: 'upl_00000000000000000000000000' },
      options: JobOptionsSchema.parse(options),
      bundle,
      metadata: {},
      ...given,
    });
  }

  return {
    env,
    folder,
    connection,
    claims: connection.claims,
    ...{
      records,
      lists,
      batches,
      endedJobs,
      custodyLogs,
      lostJobs,
      tellWhichStore,
      leases,
      clock,
      deletionPace,
      vault,
      queue,
    },
    store,
    redis,
    bundleDigest: digest,
    createJob,
    async submit(video, options) {
      const id = mintJobId();
      await store.putStream(sourceKey(id), createReadStream(video), { contentType: 'video/mp4' });
      await queue.addFlow(preparePayloadOf(await createJob({ preview: false, ...options }, id)));
      return id;
    },
    async submitUrl(url, owner = 'local', options = {}) {
      const id = mintJobId();
      const record = await createJob(options, id, { ...sealSource(vault, id, { type: 'url', url }), owner });
      await queue.addFlow(preparePayloadOf(record));
      return record.id;
    },
    score(logit) {
      const worker = queue.workScore(
        async ({ payload: { job, run, track, clip } }) => {
          if ((await store.head(clipKey(job, run, track, clip))) === null) throw new Error('no pixels');
          const score: ClipScore = { v: 1, logit: logit(track, clip), batchSize: 1, provider: 'cpu' };
          await writeScore(store, { job, run, track, clip }, score);
          await records.countClip({ job, run }, track, clip);
        },
        { concurrency: 4, bundleDigest: digest },
      );
      closers.push(() => worker.close(0));
    },
    waitForEnd: (job) =>
      until(`${job} has ended`, async () => {
        const record = await records.read(job);
        return record?.finishedAt ? record : null;
      }),
    async stop() {
      for (const closer of closers) await closer();
      await connection.close();
      await store.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
