import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@styleflow/testing';
import { ProcessUnderTest } from '../../system/process-under-test.js';
import { importRandom } from './import-random.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';

const ROUNDS = 3;
/** The kernel's clock ticks in /proc. */
const TICKS_PER_SECOND = 100;

interface Start {
  readonly processorSeconds: number;
  readonly seconds: number;
}

/**
 * What an inference worker on the CPU takes from its start until it serves, with the content bundle at its published
 * size: with an empty graph cache, which it fills, and with the graph that this has kept, in turn.
 */
export async function benchWorkerStart(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-worker-start-'));
  const redis = await startRedis();
  try {
    const checkpoint = join(folder, 'content.safetensors');
    const bundle = join(folder, 'content');
    await writeRandomCheckpoint('content', checkpoint, 7);
    await importRandom(['--content', checkpoint, '--out', bundle]);
    const starts: Record<'cold' | 'warm', Start[]> = { cold: [], warm: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const env = {
        ...process.env,
        STYLEFLOW_REDIS_URL: redis.url,
        STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
        STYLEFLOW_BUNDLE: bundle,
        STYLEFLOW_GRAPH_CACHE: join(folder, `graphs-${round}`),
        STYLEFLOW_EXECUTION_PROVIDERS: 'cpu',
        STYLEFLOW_ADMIN_PORT: '0',
      };
      for (const cache of ['cold', 'warm'] as const) {
        const start = await startOnce(env);
        starts[cache].push(start);
        say(`${cache} cache: ${start.processorSeconds.toFixed(1)} processor seconds, ${start.seconds.toFixed(1)} s`);
      }
    }
    const ratios = starts.warm.map(({ processorSeconds }, round) => {
      return processorSeconds / (starts.cold[round]?.processorSeconds ?? Number.NaN);
    });
    return { cold: starts.cold, warm: starts.warm, warmByCold: ratios.sort((a, b) => a - b)[ROUNDS >> 1] };
  } finally {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(env: Readonly<Record<string, string | undefined>>): Promise<Start> {
  const worker = new ProcessUnderTest('gpu-worker', env);
  const startedAt = performance.now();
  try {
    await worker.start();
    const seconds = (performance.now() - startedAt) / 1000;
    const stat = await readFile(`/proc/${worker.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { seconds, processorSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
  } finally {
    // Ends once the graph is kept.
    await worker.stop();
  }
}
