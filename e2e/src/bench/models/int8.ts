import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInClips } from '@styleflow/bundles/verify';
import { encodeClip } from '@styleflow/clips';
import { pairwiseRatios, spreadOf } from '../cost/spread.js';
import { peakResidentBytes } from '../peak-memory.js';
import { importRandom } from './import-random.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';
import type { GraphRun } from './run-graph-main.js';
import type { GraphTimes, TimedGraph } from './timed-graphs-main.js';

const TIMED = fileURLToPath(new URL('./timed-graphs-main.js', import.meta.url));
const RUN = fileURLToPath(new URL('./run-graph-main.js', import.meta.url));
const ROUNDS = 5;
/** Three for ranges and one held out, twice. */
const CLIPS = 8;

/**
 * Seconds a clip and peak memory of the content bundle at its published size on the CPU, in fp32 (the form that a CPU runs)
 * and in int8, in turn in one process on one thread; and how far int8 moves logits. Weights are random and clips built in, so
 * the movement says nothing of trained weights.
 */
export async function benchInt8(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-int8-'));
  try {
    const content = join(folder, 'content.safetensors');
    await writeRandomCheckpoint('content', content, 7);
    const clips = await writeClips(join(folder, 'clips'));
    const [floats, bytes] = [join(folder, 'fp32'), join(folder, 'int8')];
    await importRandom(['--content', content, '--out', floats]);
    const imported = await importRandom([
      '--content',
      content,
      '--precision',
      'int8',
      '--int8-clips',
      clips,
      '--out',
      bytes,
    ]);
    const paths = { fp32: join(floats, 'styleflow.cpu.onnx'), int8: join(bytes, 'styleflow.onnx') };
    const memory: Record<string, number> = {};
    for (const [name, path] of Object.entries(paths)) memory[name] = await peakOf(path);
    say(`peak of a process that runs one clip: ${memory.fp32} MB in fp32, ${memory.int8} in int8`);
    const times = await timed(Object.entries(paths).map(([name, path]) => ({ name, path, input: 'clips', batch: 1 })));
    const seconds = (name: string) => (times[name] ?? []).map(({ processorSeconds }) => processorSeconds);
    const figures = {
      clipProcessorSeconds: { fp32: spreadOf(seconds('fp32')), int8: spreadOf(seconds('int8')) },
      int8ByFp32: pairwiseRatios(seconds('int8'), seconds('fp32')),
      peakMegabytes: memory,
      int8: imported.int8,
    };
    say(`int8 takes ${figures.int8ByFp32.median.toFixed(2)} of fp32's processor seconds`);
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeClips(folder: string): Promise<string> {
  await mkdir(folder);
  for (let seed = 1; seed <= CLIPS; seed++) {
    const { data } = builtInClips([seed]);
    await writeFile(join(folder, `${seed}.clip`), await encodeClip(data as Uint8Array));
  }
  return folder;
}

async function timed(graphs: readonly TimedGraph[]): Promise<GraphTimes> {
  const child = fork(TIMED, [JSON.stringify(graphs), String(ROUNDS), '1'], { execArgv: [] });
  const [times] = (await once(child, 'message')) as [GraphTimes];
  return times;
}

/** Peak of a process that loads a graph and runs one clip, in megabytes. */
async function peakOf(graph: string): Promise<number> {
  const child = fork(RUN, [graph], { execArgv: [] });
  const peak = peakResidentBytes(child.pid ?? 0);
  await (once(child, 'message') as Promise<[Omit<GraphRun, 'peakMegabytes'>]>);
  return peak.stop();
}
