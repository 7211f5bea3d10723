import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { peakOfProcess } from '../system/peak-of-process.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

/**
 * MB of their own, from packed programs, with some 25 to spare over what each took at most on a machine of two cores
 * (docs/operations/capacity.md, what a worker's memory consists of): 185 to 204 and 253 to 270. From modules both take 25 more.
 */
const MOST = { 'cpu-worker': 230, 'gpu-worker': 292 } as const;

let system: SystemUnderTest;
let graphs: string;
beforeAll(async () => {
  graphs = await mkdtemp(join(tmpdir(), 'styleflow-graphs-'));
  system = await startSystem({
    // One thread each, so that memory does not depend on the machine's cores.
    ...{ STYLEFLOW_DETECT_THREADS: '1', STYLEFLOW_DECODE_THREADS: '1', STYLEFLOW_THREADS: '1' },
    // Empty: rewriting a graph takes more memory than reading a kept one.
    STYLEFLOW_GRAPH_CACHE: graphs,
  });
  const video = await makeVideo({ frames: 110, inGrid: true, size: { width: 640, height: 360 } });
  // The second finds what the first has left.
  for (const _ of ['first', 'second']) {
    const { id } = await system.client.submitFile(video, { options: { maxFrames: 0 } });
    expect(await system.client.wait(id)).toMatchObject({ status: 'succeeded' });
  }
}, 120_000);
afterAll(async () => {
  await system.stop();
  await rm(graphs, { recursive: true, force: true });
});

it.skipIf(process.platform !== 'linux').each(Object.entries(MOST))(
  'the %s that has prepared or scored a small video has had at most %d MB of its own',
  async (name, most) => {
    const worker = name === 'cpu-worker' ? system.cpuWorker : system.gpuWorker;
    const megabytes = (await peakOfProcess(worker.pid)) / 1e6;
    expect(megabytes).toBeLessThan(most);
    // What is far below it would let much grow unseen.
    expect(megabytes).toBeGreaterThan(most / 2);
  },
);
