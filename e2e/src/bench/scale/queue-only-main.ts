import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { z } from 'zod';

/** A process that does only the queue's part of a score worker: no pixels, no device. */
const Start = z.object({ redisUrl: z.string(), bundleDigest: z.string(), concurrency: z.number() });

process.once('message', async (message) => {
  const { redisUrl, bundleDigest, concurrency } = Start.parse(message);
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: redisUrl });
  const { queue, records, close } = await connectQueue(settings, { logger: createLogger('bench', 'silent') });
  const worker = queue.workScore(
    async ({ payload }) => {
      if (!(await records.isWanted(payload))) return;
      await records.countClip(payload, payload.track, payload.clip);
      await records.isBuried(payload.job);
    },
    { concurrency, bundleDigest },
  );
  process.send?.('ready');
  process.once('message', async () => {
    await worker.close(1000);
    await close();
    process.disconnect();
  });
});
