import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { makeVideo } from '@styleflow/testing';
import { importRandom } from '../models/import-random.js';
import { writeRandomCheckpoint } from '../models/random-checkpoint.js';
import type { SystemCost } from './one-job-main.js';

const ONE_JOB = fileURLToPath(new URL('./one-job-main.js', import.meta.url));

/**
 * Sends one video through the whole system with a content bundle of the published size (random weights). The video
 * shows a face in 110 frames of 640×360, H.264. Everything runs on one core, then on two, with as many threads. Reports
 * the first job of a system, and the median of the later ones.
 */
export async function benchEndToEnd(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-end-'));
  try {
    const content = join(folder, 'content.safetensors');
    const bundle = join(folder, 'bundle');
    await writeRandomCheckpoint('content', content, 7);
    await importRandom(['--content', content, '--out', bundle]);
    const video = await makeVideo({ frames: 110, size: { width: 640, height: 360 } });
    const figures: Record<string, unknown> = {};
    for (const cores of [1, 2].filter((count) => count <= availableParallelism())) {
      const { jobs, peakMegabytes } = await runOn(cores, bundle, video);
      const [first, ...later] = jobs;
      const median = [...later].sort((a, b) => a.wallSeconds - b.wallSeconds)[Math.floor(later.length / 2)];
      say(`${cores} core${cores > 1 ? 's' : ''}, first job: ${JSON.stringify(first)}`);
      say(`${cores} core${cores > 1 ? 's' : ''}, median of ${later.length}: ${JSON.stringify(median)}`);
      say(`${cores} core${cores > 1 ? 's' : ''}, MB at most: ${JSON.stringify(peakMegabytes)}`);
      figures[`cores ${cores}`] = { first, median, peakMegabytes };
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Measures on these cores, which the child shares with everything that it starts, Redis included. */
async function runOn(cores: number, bundle: string, video: string): Promise<SystemCost> {
  const list = `0-${cores - 1}`;
  const child = spawn('taskset', ['-c', list, process.execPath, ONE_JOB, bundle, video, String(cores)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the jobs on ${cores} cores ended with ${code}`);
  return JSON.parse(answer);
}
