import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@styleflow/testing';
import { ProcessUnderTest } from '../../system/process-under-test.js';
import { megabytes, residentBytes } from '../peak-memory.js';
import { cpuSeconds } from '../scale/process-cost.js';
import { openScoreLoad } from '../scale/score-load.js';
import { importRandom } from './import-random.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';

/** More than the three batches that a worker holds. */
const CLIPS = 5;

/**
 * What an inference worker on the CPU holds, with the content bundle at its published size or another: once it serves, and at
 * most while it scores clips. With an empty graph cache, which it fills, and with the graph that this has kept.
 */
export async function benchWorkerMemory(
  say: (line: string) => void,
  given: string | undefined,
): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-worker-memory-'));
  try {
    const bundle = given ?? (await contentBundle(folder));
    const rows: Record<string, unknown> = {};
    for (const cache of ['cold', 'warm']) {
      const row = await memoryOf(bundle, join(folder, 'graphs'));
      rows[cache] = row;
      say(`${cache} cache: ${JSON.stringify(row)}`);
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contentBundle(folder: string): Promise<string> {
  const checkpoint = join(folder, 'content.safetensors');
  const bundle = join(folder, 'content');
  await writeRandomCheckpoint('content', checkpoint, 7);
  await importRandom(['--content', checkpoint, '--out', bundle]);
  return bundle;
}

async function memoryOf(bundleFolder: string, graphs: string): Promise<Record<string, number>> {
  const load = await openScoreLoad();
  const worker = new ProcessUnderTest('gpu-worker', {
    ...process.env,
    ...load.env,
    STYLEFLOW_BUNDLE: bundleFolder,
    STYLEFLOW_GRAPH_CACHE: graphs,
    STYLEFLOW_EXECUTION_PROVIDERS: 'cpu',
    STYLEFLOW_ADMIN_PORT: '0',
  });
  try {
    await worker.start();
    const serving = await residentBytes(worker.pid);
    const started = await cpuSeconds(worker.pid);
    const bundle = await until('the bundle is known', async () => (await load.connection.announcements.bundles())[0]);
    const clips = await load.makeClips(CLIPS, bundle);
    const jobs = [...new Set(clips.map(({ job }) => job))];
    await Promise.all(clips.map((clip) => load.queueClip(clip)));
    await until('every clip is scored', async () => (await load.countScored(jobs)) === CLIPS, { timeoutMs: 900_000 });
    const scored = await cpuSeconds(worker.pid);
    return {
      servingMegabytes: megabytes(serving),
      scoredMegabytes: megabytes(await residentBytes(worker.pid)),
      peakMegabytes: megabytes(await peakBytes(worker.pid)),
      cpuSecondsAClip: Number(((scored.all - started.all) / CLIPS).toFixed(3)),
    };
  } finally {
    await worker.stop();
    await load.close();
  }
}

/** The kernel's own high-water mark, which misses nothing between two looks. */
async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
