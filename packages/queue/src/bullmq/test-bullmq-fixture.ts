import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { entryId, JobIdSchema } from '@styleflow/contracts';
import { killProcess, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { QueueUnderTest } from '../ports/test-flow.js';
import { connectTest } from '../test-connection.js';

/** Of tests that wait for a takeover: short, so that it comes soon; long enough that a busy machine still renews in time. */
const LOCK_MS = 1_600;

/** BullMQ's queues in a Redis of their own, for the cases of the port. */
export async function openBullmqFixture(): Promise<QueueUnderTest> {
  const server = await startRedis();
  const connection = await connectTest(server);
  const hasty = await connectTest(server, { lockDurationMs: LOCK_MS });
  const raw = new Redis(server.url);
  const keyOf = (queue: string, id: string): string => `{styleflow}:${queue}:${id}`;
  return {
    queue: connection.queue,
    hasty: hasty.queue,
    async startHolder() {
      const path = fileURLToPath(new URL('./test-holder.js', import.meta.url));
      const child = fork(path, [server.url, String(LOCK_MS)]);
      const [held] = await once(child, 'message');
      const { job } = z.object({ job: JobIdSchema }).parse(held);
      return { job, kill: () => killProcess(child.pid ?? 0) };
    },
    async stealLock(run) {
      await raw.set(`${keyOf('prepare', entryId.prepare(run))}:lock`, 'another worker', 'PX', LOCK_MS);
    },
    async deleteScore(run, bundleDigest, track, clip) {
      await raw.del(keyOf(`score.${bundleDigest.slice(0, 12)}`, entryId.score({ ...run, track, clip })));
    },
    async keptOf(run) {
      const id = entryId.prepare(run);
      return {
        isCompleted: (await raw.zscore('{styleflow}:prepare:completed', id)) !== null,
        failedReason: await raw.hget(keyOf('prepare', id), 'failedReason'),
      };
    },
    async close() {
      raw.disconnect();
      await hasty.close();
      await connection.close();
      await server.stop();
    },
  };
}
