import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cudaEnvironment, type ExecutionProvider } from '@styleflow/inference';
import { importRandom } from '../models/import-random.js';
import { writeRandomCheckpoint } from '../models/random-checkpoint.js';
import type { DeviceRun, DeviceTask } from './device-run-main.js';
import { measureWorker } from './worker-rate.js';

const RUN = fileURLToPath(new URL('./device-run-main.js', import.meta.url));
const ROLES = ['content', 'style-gru', 'psp'] as const;
const PRECISIONS = ['fp32', 'fp16'] as const;
/** The size of the smallest batch, whose logits are compared with those of the CPU provider. */
const COMPARED = 2;
const BATCHES = { content: [COMPARED, 1, 4, 8, 16, 32], full: [COMPARED, 1, 4, 8] } as const;
const WORKER_CLIPS = 600;

type Say = (line: string) => void;

export interface DeviceBenchOptions {
  /** Providers of the measured device; the first is required. */
  readonly providers: readonly ExecutionProvider[];
  readonly size: 'published' | 'eighth';
}

/**
 * Runs the graphs that workers run, with random weights, on this machine's device. It reports seconds a batch, memory,
 * nodes that did not run there, and how far the logits are from the CPU provider's in float32. Then it measures one
 * real worker with queue and store.
 */
export async function benchDevice(say: Say, options: DeviceBenchOptions): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-device-'));
  try {
    for (const role of ROLES) {
      await writeRandomCheckpoint(role, join(folder, `${role}.safetensors`), 7, options.size);
    }
    const figures: Record<string, unknown> = {};
    for (const variant of ['content', 'full'] as const) {
      figures[variant] = await measureVariant(variant, folder, options, say);
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureVariant(variant: keyof typeof BATCHES, folder: string, options: DeviceBenchOptions, say: Say) {
  const roles = variant === 'content' ? (['content'] as const) : ROLES;
  const checkpoints = roles.flatMap((role) => [`--${role}`, join(folder, `${role}.safetensors`)]);
  const figures: Record<string, unknown> = {};
  let reference: readonly number[] | null = null;
  for (const precision of PRECISIONS) {
    const bundle = join(folder, `${variant}-${precision}`);
    const half = precision === 'fp16' ? ['--precision', 'fp16', '--error-clips', '1'] : [];
    const { rounding } = await importRandom([...checkpoints, ...half, '--out', bundle]);
    if (precision === 'fp16') say(`${variant} fp16, rounded on the CPU provider: ${JSON.stringify(rounding)}`);
    const task = { path: join(bundle, 'styleflow.onnx'), providers: options.providers, rounds: 5 };
    reference ??= (await runTask({ ...task, providers: ['cpu'], batches: [COMPARED], rounds: 0 }, false)).logits;
    const usesCard = options.providers[0] !== 'cpu';
    for (const tf32 of precision === 'fp32' && usesCard ? [false, true] : [false]) {
      const name = `${variant} ${precision}${tf32 ? ' with TF32' : ''}`;
      const run = await runTask({ ...task, batches: BATCHES[variant] }, tf32);
      const difference = largestDifference(run.logits, reference);
      tell(name, run, difference, say);
      figures[name] = { ...run, difference };
    }
    if (variant === 'content') {
      const rate = await measureWorker(bundle, options.providers, WORKER_CLIPS);
      say(`one worker, ${variant} ${precision}: ${JSON.stringify(rate)}`);
      figures[`worker, ${variant} ${precision}`] = rate;
    }
    await rm(bundle, { recursive: true });
  }
  return figures;
}

/**
 * Runs a task in a process of its own, because CUDA reads its environment once, and the process's memory must belong to
 * the graph alone.
 */
async function runTask(task: DeviceTask, tf32: boolean): Promise<DeviceRun> {
  const env = { ...process.env, ...cudaEnvironment({ tf32 }) };
  const child = fork(RUN, [JSON.stringify(task)], { execArgv: [], env });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`running ${task.path} ended with ${code}`);
  });
  const [run] = await Promise.race([once(child, 'message') as Promise<[DeviceRun]>, failed]);
  await failed.catch(() => {});
  return run;
}

function tell(name: string, { nodes, fallback, runs, loadSeconds }: DeviceRun, difference: number, say: Say): void {
  say(
    `${name}: loaded in ${loadSeconds.toFixed(1)} s; nodes ${JSON.stringify(nodes)}; ${fallback ?? 'none fell back'}`,
  );
  say(`  logits at most ${difference.toExponential(1)} away from float32 on the CPU provider`);
  for (const { batch, seconds, firstSeconds, deviceMegabytes } of runs) {
    const each = `${((seconds * 1000) / batch).toFixed(1)} ms a clip (${(batch / seconds).toFixed(1)} clips/s)`;
    say(`  batch ${batch}: ${each}, first run ${firstSeconds.toFixed(2)} s, ${deviceMegabytes} MB on the device`);
  }
}

function largestDifference(values: readonly number[], reference: readonly number[]): number {
  if (values.length !== reference.length) throw new Error('not the same number of logits');
  return Math.max(...values.map((value, index) => Math.abs(value - (reference[index] ?? Number.NaN))));
}
