import { JobError, type JobId } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { BUNDLE, type TestServer } from './test-server.js';

/** Entries in the queues as workers leave them, for this package's tests. */

/** The queue of BUNDLE's clips. */
export const SCORE_QUEUE = `score.${BUNDLE.digest.slice(0, 12)}`;

/** Adds clips of the job's first run. */
export async function addClips({ queue }: TestServer, job: JobId, count: number): Promise<void> {
  for (let clip = 0; clip < count; clip += 1) {
    await queue.addScore({ v: 1, job, run: 1, track: 0, clip, keepCrops: false }, BUNDLE.digest, 5);
  }
}

/** Lets a worker fail every waiting clip for good, with this message. */
export async function failClips({ queue }: TestServer, message: string): Promise<void> {
  const worker = queue.workScore(
    async () => {
      throw new JobError('inference_failed', message, { retryable: false });
    },
    { concurrency: 4, bundleDigest: BUNDLE.digest },
  );
  await until('the clips have failed', async () => {
    const depth = (await queue.depths()).find(({ name }) => name === SCORE_QUEUE);
    return depth !== undefined && depth.failed > 0 && depth.waiting + depth.active === 0;
  });
  await worker.close(0);
}
