import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { askRedis, makeVideo, startHttpServer } from '@styleflow/testing';
import { type SystemUnderTest, startSystem } from '../../system/system.js';
import { megabytes, residentBytesOfTree } from '../peak-memory.js';

/** About a fifth of what two cores can do. */
const GAP_MS = 5_000;
/** When the figures are taken, as shares of the whole: of an hour at 5, 30 and 60 minutes. */
const LOOKS = [5 / 60, 0.5, 1];

/**
 * Jobs at a steady rate for `minutes`, half of them uploads, each polled, read, and one in four deleted. What each process and
 * Redis hold at the beginning, in the middle and at the end tells what grows.
 */
export async function benchSteadyLoad(say: (line: string) => void, minutes: number): Promise<Record<string, unknown>> {
  const file = await makeVideo({ people: ['franck'], frames: 40 });
  const site = await startHttpServer((_request, response) => {
    createReadStream(file).pipe(response);
  });
  const system = await startSystem();
  try {
    const wholeMs = minutes * 60_000;
    const startedAt = performance.now();
    const counts = { jobs: 0, succeeded: 0 };
    const running = new Set<Promise<void>>();
    const looks: Record<string, unknown> = {};
    for (const share of LOOKS) {
      while (performance.now() - startedAt < share * wholeMs) {
        const job = oneJob(system, { file, url: site.url, n: counts.jobs }).then((status) => {
          counts.succeeded += status === 'succeeded' ? 1 : 0;
          running.delete(job);
        });
        running.add(job);
        counts.jobs += 1;
        await pause(Math.max(0, startedAt + counts.jobs * GAP_MS - performance.now()));
      }
      const look = { ...(await lookAt(system)), jobsSoFar: counts.jobs };
      const name = `at ${Math.round(share * minutes * 10) / 10} minutes`;
      say(`${name}: ${JSON.stringify(look)}`);
      looks[name] = look;
    }
    await Promise.all(running);
    return { ...counts, ...looks };
  } finally {
    await system.stop();
    await site.stop();
  }
}

async function oneJob(
  { client }: SystemUnderTest,
  { file, url, n }: { readonly file: string; readonly url: string; readonly n: number },
): Promise<string> {
  const { id } = n % 2 === 0 ? await client.submit({ type: 'url', url }) : await client.submitFile(file);
  const { status } = await client.wait(id);
  if (status === 'succeeded') await client.result(id);
  if (n % 4 === 0) await client.delete(id);
  return status;
}

async function lookAt({ api, cpuWorker, gpuWorker, redis }: SystemUnderTest) {
  const of = async ({ pid }: { readonly pid: number }) => ({
    residentMegabytes: megabytes(await residentBytesOfTree(pid)),
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
  });
  return {
    api: await of(api),
    cpuWorker: await of(cpuWorker),
    gpuWorker: await of(gpuWorker),
    redis: {
      ...(await of(redis)),
      keys: await askRedis(redis.port, ['DBSIZE']),
      usedMegabytes: await used(redis.port),
    },
  };
}

async function used(port: number): Promise<number> {
  const info = String(await askRedis(port, ['INFO', 'memory']));
  return Number(/used_memory:(\d+)/.exec(info)?.[1] ?? Number.NaN) / 1e6;
}
