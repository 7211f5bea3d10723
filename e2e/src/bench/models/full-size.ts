import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakResidentBytes } from '../peak-memory.js';
import { measureClipMemory } from './clip-memory.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';
import type { GraphRun } from './run-graph-main.js';

const CLI = fileURLToPath(new URL('../../../../packages/cli/dist/main.js', import.meta.url));
const RUN = fileURLToPath(new URL('./run-graph-main.js', import.meta.url));
const ROLES = ['content', 'style-gru', 'psp'] as const;

type Role = (typeof ROLES)[number];

/** One network or bundle at its published size. */
interface Case {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Graphs to load and to run with one clip, by file name. */
  readonly graphs: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'content', roles: ['content'], graphs: ['styleflow.onnx', 'styleflow.cpu.onnx'] },
  { name: 'style-gru alone', roles: ['style-gru'], graphs: ['style-gru.onnx'] },
  { name: 'psp alone', roles: ['psp'], graphs: ['psp.onnx'] },
  // These parts read the same data file. pSp, the slowest, has run above.
  { name: 'all with parts', roles: ROLES, graphs: ['styleflow.cpu.onnx', 'content.onnx', 'style-gru.onnx'] },
];

/**
 * Imports checkpoints of the published sizes (random values) by the command line, each in a process of its own, and
 * runs one clip through the result, again in a process of its own. For all networks together it also measures the
 * memory of a clip in batches. Needs about 14 GB of scratch space and 11 GB of memory.
 */
export async function benchFullSize(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-full-'));
  try {
    for (const role of ROLES) await writeRandomCheckpoint(role, join(folder, `${role}.safetensors`), 7);
    const figures: Record<string, unknown> = {};
    for (const { name, roles, graphs } of CASES) {
      const out = join(folder, 'out');
      const imported = await importRoles(folder, roles, out);
      say(
        `${name}: imported in ${imported.seconds.toFixed(1)} s, ${imported.peakMegabytes} MB at most, ${imported.bundleMegabytes} MB written`,
      );
      const runs: Record<string, GraphRun> = {};
      for (const graph of graphs) {
        const run = await runGraph(join(out, graph));
        runs[graph] = run;
        say(
          `  ${graph}: loaded in ${run.loadSeconds.toFixed(1)} s, one clip in ${run.runSeconds.toFixed(1)} s, ${run.peakMegabytes} MB at most, ${run.grownMegabytes} MB of it for the clip`,
        );
      }
      // `clip-memory` measures the content bundle. The others take up to 11 GB for 4 clips.
      const memory = roles.length > 1 ? await measureClipMemory(name, out, say) : undefined;
      figures[name] = { ...imported, runs, ...(memory && { memory }) };
      await rm(out, { recursive: true });
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importRoles(folder: string, roles: readonly Role[], out: string) {
  const files = roles.flatMap((role) => [`--${role}`, join(folder, `${role}.safetensors`)]);
  const parts = roles.length === 1 && roles[0] === 'content' ? [] : ['--parts'];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, 'models', 'import', ...files, ...parts, '--untrained', '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const peak = peakResidentBytes(child.pid ?? 0);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the import of ${roles.join(', ')} ended with ${code}`);
  const seconds = (performance.now() - startedAt) / 1000;
  const sizes = await Promise.all((await readdir(out)).map((file) => stat(join(out, file))));
  const megabytes = Math.round(sizes.reduce((sum, { size }) => sum + size, 0) / 1e6);
  return { seconds, peakMegabytes: peak.stop(), bundleMegabytes: megabytes };
}

async function runGraph(graph: string): Promise<GraphRun> {
  const child = fork(RUN, [graph], { execArgv: [] });
  const peak = peakResidentBytes(child.pid ?? 0);
  const [run] = (await once(child, 'message')) as [Omit<GraphRun, 'peakMegabytes'>];
  const peakMegabytes = peak.stop();
  await once(child, 'exit');
  return { ...run, peakMegabytes };
}
