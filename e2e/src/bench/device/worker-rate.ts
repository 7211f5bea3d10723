import { type ExecutionProvider, listGpus } from '@styleflow/inference';
import { until } from '@styleflow/testing';
import { ProcessUnderTest } from '../../system/process-under-test.js';
import { openScoreLoad } from '../scale/score-load.js';

export interface WorkerRate {
  readonly clips: number;
  /** From queueing the first clip to counting the last one. */
  readonly clipsPerSecond: number;
  readonly clipsPerBatch: number;
  /** The share of that time during which the device ran a batch. */
  readonly deviceBusy: number;
}

/**
 * Measures clips a second of one real GPU worker on a real device, with queue and store: how much of the graph's own
 * rate remains.
 */
export async function measureWorker(
  bundleFolder: string,
  providers: readonly ExecutionProvider[],
  count: number,
): Promise<WorkerRate> {
  // Any card that this machine has.
  const gpu = providers[0] === 'cpu' ? undefined : (await listGpus())[0];
  const load = await openScoreLoad();
  const worker = new ProcessUnderTest('gpu-worker', {
    ...process.env,
    ...load.env,
    STYLEFLOW_BUNDLE: bundleFolder,
    STYLEFLOW_EXECUTION_PROVIDERS: providers.join(','),
    ...(gpu && { STYLEFLOW_GPU_NAME: gpu.name, STYLEFLOW_GPU_DEVICE: gpu.uuid }),
    STYLEFLOW_ADMIN_PORT: '0',
  });
  try {
    const port = await worker.start();
    const bundle = await until('the bundle is known', async () => (await load.connection.announcements.bundles())[0]);
    const clips = await load.makeClips(count, bundle);
    const jobs = [...new Set(clips.map(({ job }) => job))];
    const startedAt = performance.now();
    for (const clip of clips) await load.queueClip(clip);
    await until('every clip is scored', async () => (await load.countScored(jobs)) === count, { timeoutMs: 300_000 });
    const seconds = (performance.now() - startedAt) / 1000;
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const read = (name: string): number => Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(page)?.[1]);
    return {
      clips: count,
      clipsPerSecond: count / seconds,
      clipsPerBatch: count / read('styleflow_clip_batch_size_count'),
      deviceBusy: read('styleflow_inference_seconds_sum') / seconds,
    };
  } finally {
    await worker.stop();
    await load.close();
  }
}
