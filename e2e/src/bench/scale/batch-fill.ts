import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@styleflow/testing';
import { openScoreLoad, type PendingClip, type ScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/** A full tensor batch of 8 takes 1.25 s, so the device scores 6.4 clips a second. */
const DEVICE = { runMs: 50, clipMs: 150, maxBatch: 8 };
const CAPACITY = (DEVICE.maxBatch * 1000) / (DEVICE.runMs + DEVICE.maxBatch * DEVICE.clipMs);
const LOADS = [0.5, 0.8, 1];
const SECONDS = 60;

export interface BatchFill {
  /** The clips that arrive, as a share of what full batches could score. */
  readonly load: number;
  readonly clips: number;
  readonly clipsPerBatch: number;
  /** Clips divided by the places of their padded tensors. */
  readonly fill: number;
  readonly meanWaitSeconds: number;
}

/**
 * Measures how full tensor batches are when clips arrive at random (exponential gaps) at 50, 80 and 100 % of the
 * capacity.
 */
export async function benchBatchFill(say: (line: string) => void): Promise<readonly BatchFill[]> {
  const fills: BatchFill[] = [];
  for (const load of LOADS) {
    const scoreLoad = await openScoreLoad();
    try {
      const fill = await measure(scoreLoad, load);
      fills.push(fill);
      say(
        `${load * 100} % load: ${fill.clipsPerBatch.toFixed(2)} clips a batch, ${(fill.fill * 100).toFixed(0)} % full, ` +
          `wait ${fill.meanWaitSeconds.toFixed(2)} s`,
      );
    } finally {
      await scoreLoad.close();
    }
  }
  return fills;
}

async function measure(scoreLoad: ScoreLoad, load: number): Promise<BatchFill> {
  const workers = await startSimulatedWorkers(scoreLoad, 1, DEVICE, { STYLEFLOW_ADMIN_PORT: '0' });
  const [port] = workers.ports;
  const count = Math.round(SECONDS * CAPACITY * load);
  const clips = await scoreLoad.makeClips(count, workers.bundle);
  await arrive(scoreLoad, clips, CAPACITY * load);
  const jobs = [...new Set(clips.map(({ job }) => job))];
  await until('every clip is scored', async () => (await scoreLoad.countScored(jobs)) === count, {
    timeoutMs: 300_000,
  });
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await workers.stop();
  const read = (name: string): number => Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(page)?.[1]);
  const batches = read('styleflow_clip_batch_size_count');
  // The padded places follow from the device's time: each batch takes `runMs`, and each place `clipMs`.
  const places = (read('styleflow_inference_seconds_sum') * 1000 - batches * DEVICE.runMs) / DEVICE.clipMs;
  return {
    load,
    clips: count,
    clipsPerBatch: count / batches,
    fill: count / places,
    meanWaitSeconds: read('styleflow_clip_wait_seconds_sum') / count,
  };
}

/** Queues the clips with exponential gaps from a fixed seed. */
async function arrive(scoreLoad: ScoreLoad, clips: readonly PendingClip[], perSecond: number): Promise<void> {
  let seed = 1;
  let due = performance.now();
  for (const clip of clips) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    due += (-Math.log((seed + 1) / 2 ** 32) * 1000) / perSecond;
    await wait(Math.max(0, due - performance.now()));
    await scoreLoad.queueClip(clip);
  }
}
