import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakResidentBytes } from '../peak-memory.js';
import { benchClipMemory } from './clip-memory.js';
import { writeContentForms } from './content-forms.js';
import { importRandom } from './import-random.js';
import { writeRandomCheckpoint } from './random-checkpoint.js';
import type { GraphTime, GraphTimes, TimedGraph } from './timed-graphs-main.js';

const TIMED = fileURLToPath(new URL('./timed-graphs-main.js', import.meta.url));
const ROLES = ['content', 'style-gru', 'psp'] as const;
/** Number of clips on which half precision is compared. */
const ERROR_CLIPS = 10;
/** How often each form of the content network runs. */
const FORM_ROUNDS = 7;
/** Number of pictures of one clip that pSp sees. */
const PICTURES = 32;

type Say = (line: string) => void;

/**
 * Measures the networks on the CPU provider with random weights: seconds a clip of the full-size content bundle and the
 * share of each stage, the time of each form of the graph, pSp with all pictures at once and in chunks, what half
 * precision changes, and the memory of a clip beside what bundles say of it.
 */
export async function benchModels(say: Say): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-models-'));
  try {
    const content = join(folder, 'content.safetensors');
    await writeRandomCheckpoint('content', content, 7);
    const bundle = join(folder, 'content');
    await importRandom(['--content', content, '--parts', '--out', bundle]);
    return {
      memory: await benchClipMemory(say),
      clip: await clipTimes(bundle, say),
      forms: await formTimes(content, folder, say),
      chunks: await chunkTimes(folder, say),
      half: await halfErrors(content, folder, say),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Seconds a clip at batch 1 and 4, and the shares of the stages. The parts are timed beside the graph that contains
 * them.
 */
async function clipTimes(bundle: string, say: Say) {
  const graph = (name: string, file: string, input: TimedGraph['input'], batch: number): TimedGraph => ({
    name,
    path: join(bundle, file),
    input,
    batch,
  });
  const { times } = await timed([
    graph('batch 1', 'styleflow.cpu.onnx', 'clips', 1),
    graph('batch 4', 'styleflow.cpu.onnx', 'clips', 4),
    graph('content', 'content.onnx', 'frames', 1),
    graph('head', 'head.onnx', 'tokens', 1),
  ]);
  const [one, four, network, head] = ['batch 1', 'batch 4', 'content', 'head'].map((name) =>
    median(secondsOf(times[name])),
  );
  const figures = {
    secondsPerClip: { batch1: one, batch4: (four ?? 0) / 4 },
    shares: {
      content: share(network, one),
      head: share(head, one),
      // The rest: bytes to pictures, resizing, normalising.
      pictures: 1 - share(network, one) - share(head, one),
    },
  };
  say(`content bundle: ${JSON.stringify(figures)}`);
  return figures;
}

/**
 * The processor time of each form of the content network as a multiple of the whole one's. The forms run in turn, on one
 * thread.
 */
async function formTimes(content: string, folder: string, say: Say) {
  const paths = await writeContentForms(content, folder);
  const form = (name: string, path: string, optimisation: 'all' | 'extended' | 'none' = 'all'): TimedGraph => ({
    name,
    path,
    input: 'frames',
    batch: 1,
    optimisation,
  });
  const { times } = await timed(
    [
      form('whole', paths.whole),
      form('in 14 parts', paths['parts-14']),
      form('in 28 parts', paths['parts-28']),
      form('whole, extended optimisations', paths.whole, 'extended'),
      form('whole, no optimisations', paths.whole, 'none'),
      form('norms not folded', paths.unfolded),
      form('norms not folded, no optimisations', paths.unfolded, 'none'),
      form('convolutions in three dimensions', paths['three-axes']),
    ],
    { rounds: FORM_ROUNDS, threads: 1 },
  );
  return ratios(times, 'whole', say);
}

/**
 * Times pSp at its published size with 32 pictures at once and with fewer. Each number runs in a process of its own, to
 * measure its memory.
 */
async function chunkTimes(folder: string, say: Say) {
  const psp = join(folder, 'psp.safetensors');
  const bundle = join(folder, 'psp');
  await writeRandomCheckpoint('psp', psp, 7);
  await importRandom(['--psp', psp, '--parts', '--out', bundle]);
  const figures: Record<string, unknown> = {};
  for (const chunk of [PICTURES, 8, 4]) {
    const graph: TimedGraph = {
      name: 'psp',
      path: join(bundle, 'psp.onnx'),
      input: 'images',
      batch: chunk,
      repeats: PICTURES / chunk,
    };
    const { times, peakMegabytes } = await timed([graph], { rounds: 1 });
    const seconds = median(secondsOf(times.psp));
    say(`pSp, ${chunk} pictures at once: ${seconds.toFixed(1)} s a clip, ${peakMegabytes} MB at most`);
    figures[chunk] = { seconds, peakMegabytes };
  }
  return figures;
}

/**
 * What `models import --precision fp16` reports for the content bundle at its published size, and for all networks at
 * an eighth.
 */
async function halfErrors(content: string, folder: string, say: Say) {
  const small = ROLES.flatMap((role) => [`--${role}`, join(folder, `eighth-${role}.safetensors`)]);
  for (const role of ROLES) {
    await writeRandomCheckpoint(role, join(folder, `eighth-${role}.safetensors`), 11, 'eighth');
  }
  const half = ['--precision', 'fp16', '--error-clips', String(ERROR_CLIPS)];
  const figures: Record<string, unknown> = {};
  for (const [name, files] of [
    ['content, published size', ['--content', content]],
    ['all networks, an eighth of the widths', small],
  ] as const) {
    const { rounding } = await importRandom([...files, ...half, '--replace', '--out', join(folder, 'half')]);
    say(`half precision (rounded on the CPU), ${name}: ${JSON.stringify(rounding)}`);
    figures[name] = rounding;
  }
  return figures;
}

async function timed(graphs: readonly TimedGraph[], { rounds = 3, threads = 0 } = {}) {
  const child = fork(TIMED, [JSON.stringify(graphs), String(rounds), String(threads)], { execArgv: [] });
  const peak = peakResidentBytes(child.pid ?? 0);
  const [times] = (await once(child, 'message')) as [GraphTimes];
  const peakMegabytes = peak.stop();
  await once(child, 'exit');
  return { times, peakMegabytes };
}

/** The medians of the quotients between measurements that were made side by side. */
function ratios(times: GraphTimes, base: string, say: Say) {
  const processor = (name: string) => (times[name] ?? []).map(({ processorSeconds }) => processorSeconds);
  const bases = processor(base);
  const figures = Object.fromEntries(
    Object.keys(times).map((name) => {
      const ratio = median(processor(name).map((value, round) => value / (bases[round] ?? Number.NaN)));
      return [name, { seconds: median(secondsOf(times[name])), processorSeconds: median(processor(name)), ratio }];
    }),
  );
  for (const [name, { processorSeconds, ratio }] of Object.entries(figures)) {
    say(`${name}: ${processorSeconds.toFixed(2)} processor seconds, ${ratio.toFixed(2)} of ${base}`);
  }
  return figures;
}

function secondsOf(measured: readonly GraphTime[] = []): number[] {
  return measured.map(({ seconds }) => seconds);
}

function median(values: readonly number[] = []): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function share(part = Number.NaN, whole = Number.NaN): number {
  return part / whole;
}
