import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { graphOf, openServableBundle, untrainedBundleDirectory } from '@styleflow/bundles';
import { megabytes } from '../peak-memory.js';
import type { ClipMemory } from './clip-memory-main.js';
import { importRandom } from './import-random.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';

const MAIN = fileURLToPath(new URL('./clip-memory-main.js', import.meta.url));
const ROLES = ['content', 'style-gru', 'psp'] as const;
const BATCHES = [1, 2, 4] as const;

type Say = (line: string) => void;

/**
 * Compares `bytesPerClip` of bundles with what a clip takes on the CPU provider in float32. Each tensor batch runs in a
 * process of its own. `each` is what a batch took, by its clips. `slope` is what one more clip takes, by a straight
 * line through the batches.
 */
export async function benchClipMemory(say: Say): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-clip-memory-'));
  try {
    const figures: Record<string, unknown> = {};
    for (const [name, directory] of await bundles(folder))
      figures[name] = await measureClipMemory(name, directory, say);
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundles(folder: string): Promise<ReadonlyMap<string, string>> {
  const small = (role: (typeof ROLES)[number]) => join(folder, `eighth-${role}.safetensors`);
  for (const role of ROLES) await writeRandomCheckpoint(role, small(role), 11, 'eighth');
  const content = join(folder, 'content.safetensors');
  await writeRandomCheckpoint('content', content, 7);
  const made = new Map([['untrained', untrainedBundleDirectory()]]);
  for (const [name, files] of [
    ['content, an eighth of the widths', ['--content', small('content')]],
    ['all networks, an eighth of the widths', ROLES.flatMap((role) => [`--${role}`, small(role)])],
    ['content, published size', ['--content', content]],
  ] as const) {
    const directory = join(folder, String(made.size));
    await importRandom([...files, '--out', directory]);
    made.set(name, directory);
  }
  return made;
}

/** Measures one bundle that workers can serve. */
export async function measureClipMemory(name: string, directory: string, say: Say): Promise<Record<string, unknown>> {
  const bundle = await openServableBundle(directory);
  const { manifest } = bundle;
  const graphPath = graphOf(bundle, 'cpu')?.path ?? bundle.graphPath;
  const points: [number, number][] = [];
  for (const batch of BATCHES) points.push([batch, (await memoryOf(graphPath, batch)).grownBytes]);
  const slope = slopeOf(points);
  const figures = {
    estimatedMegabytes: megabytes(manifest.bytesPerClip),
    slopeMegabytes: megabytes(slope),
    estimateBySlope: manifest.bytesPerClip / slope,
    eachMegabytes: Object.fromEntries(points.map(([batch, bytes]) => [batch, megabytes(bytes / batch)])),
  };
  say(`memory of a clip, ${name}: ${JSON.stringify(figures)}`);
  return figures;
}

async function memoryOf(graph: string, batch: number): Promise<ClipMemory> {
  const child = fork(MAIN, [graph, String(batch)], { execArgv: [] });
  const [memory] = (await once(child, 'message')) as [ClipMemory];
  await once(child, 'exit');
  return memory;
}

/** The slope of the straight line with the least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const along = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return along / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
