import type { BundleFacts, JobRun, ScorePayload } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';
import type { ChildFailures, JobQueue, StageHandler, StageWorker } from './job-queue.js';

/** What an adapter's test provides beside the queue, to observe and to disturb what lies behind the port. */
export interface QueueUnderTest {
  readonly queue: JobQueue;
  /** The same queues, as another process with short locks opens them. Its workers soon notice lost workers. */
  readonly hasty: JobQueue;
  /** Starts a process that takes a waiting `prepare` and holds it, and answers once it does. Its locks are as short. */
  startHolder(): Promise<{ readonly job: JobRun['job']; kill(): Promise<void> }>;
  /** Gives the lock of the run's `prepare` to another holder. */
  stealLock(run: JobRun): Promise<void>;
  /** Deletes a clip's entry, which the product itself never does. */
  deleteScore(run: JobRun, bundleDigest: string, track: number, clip: number): Promise<void>;
  /** What the queue keeps of the run's `prepare`. */
  keptOf(run: JobRun): Promise<{ readonly isCompleted: boolean; readonly failedReason: string | null }>;
  close(): Promise<void>;
}

interface Finished {
  readonly run: JobRun;
  readonly failures: ChildFailures;
}

/** A run of a job of its own in the queue under test, and workers that are closed after the case. */
export interface FlowFixture {
  readonly under: QueueUnderTest;
  readonly workers: StageWorker[];
  readonly run: JobRun;
  readonly bundle: BundleFacts;
  /** Runs of `finish`, of all jobs. */
  readonly finished: Finished[];
  addFlow(): Promise<void>;
  addScore(track: number, clip: number): Promise<void>;
  addClips(count: number): Promise<void>;
  /** Starts a worker of each stage that is named, and of `finish`. */
  work(stages: { prepare?: () => Promise<void>; score?: StageHandler<ScorePayload> }): void;
  ourFinishes(): Finished[];
  untilFinished(): Promise<Finished>;
}

/** Call it in a `describe`: `fresh` is told the fixture before each case. */
export function useFlow(open: () => Promise<QueueUnderTest>, fresh: (fixture: FlowFixture) => void): void {
  let under: QueueUnderTest;
  let fixture: FlowFixture;
  beforeAll(async () => {
    under = await open();
  });
  beforeEach(() => {
    fixture = newFlow(under);
    fresh(fixture);
  });
  afterEach(async () => {
    await Promise.all(fixture.workers.map((worker) => worker.close(0)));
  });
  afterAll(async () => {
    await under.close();
  });
}

function newFlow(under: QueueUnderTest): FlowFixture {
  const { queue } = under;
  const workers: StageWorker[] = [];
  const finished: Finished[] = [];
  const run = firstRun(someJob());
  const bundle = someBundle();
  const addScore = (track: number, clip: number) => queue.addScore(someScore(run, track, clip), bundle.digest, 5);
  const isOurs = ({ job }: JobRun): boolean => job === run.job;
  const ourFinishes = () => finished.filter(({ run: seen }) => isOurs(seen));
  return {
    ...{ under, workers, run, bundle, finished, addScore, ourFinishes },
    addFlow: () => queue.addFlow(somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } })),
    async addClips(count) {
      for (let clip = 0; clip < count; clip += 1) await addScore(0, clip);
    },
    work({ prepare, score }) {
      if (prepare) {
        workers.push(
          queue.workPrepare(async ({ payload }) => (isOurs(payload) ? prepare() : undefined), { concurrency: 1 }),
        );
      }
      if (score) workers.push(queue.workScore(score, { concurrency: 4, bundleDigest: bundle.digest }));
      workers.push(
        queue.workFinish(
          async ({ payload }) => {
            finished.push({ run: payload, failures: await queue.childFailures(payload) });
          },
          { concurrency: 2 },
        ),
      );
    },
    untilFinished: () => until('finish has run', () => ourFinishes()[0]),
  };
}
