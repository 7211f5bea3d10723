import { setTimeout as wait } from 'node:timers/promises';
import { Batcher } from '@styleflow/inference';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { z } from 'zod';

/** A worker process with the real queue and the real batching, without pixels. Its device only takes time. */
const Start = z.object({
  redisUrl: z.string(),
  bundleDigest: z.string(),
  maxBatch: z.number(),
  runMs: z.number(),
  clipMs: z.number(),
  batchWaitMs: z.number(),
});

process.once('message', async (message) => {
  const { redisUrl, bundleDigest, maxBatch, runMs, clipMs, batchWaitMs } = Start.parse(message);
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: redisUrl });
  const { queue, records, close } = await connectQueue(settings, { logger: createLogger('bench', 'silent') });
  const batcher = new Batcher<null, null>({
    maxBatch,
    maxWaitMs: batchWaitMs,
    run: async (clips) => {
      await wait(runMs + clips.length * clipMs);
      return clips.map(() => ({ value: null }));
    },
  });
  const worker = queue.workScore(
    async ({ payload, signal }) => {
      if (!(await records.isWanted(payload))) return;
      await batcher.submit(null, { isAlone: false, signal });
      await records.countClip(payload, payload.track, payload.clip);
    },
    { concurrency: 3 * maxBatch, bundleDigest },
  );
  process.send?.('ready');
  process.once('message', async () => {
    await worker.close(10_000);
    await batcher.close();
    await close();
    process.disconnect();
  });
});
