import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildCage, CAGE_BARS, type Cage } from '@styleflow/media';
import { makeVideo } from '@styleflow/testing';
import { cpuSeconds } from '../scale/process-cost.js';

type Tool = 'ffmpeg' | 'ffprobe';

/** What is run in each cage: as the product does it, with its output left unread. */
const WORK: Readonly<Record<string, readonly [tool: Tool, runsPerRound: number, args: (video: string) => string[]]>> = {
  probe: [
    'ffprobe',
    5,
    (video) => ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', '-i', `file:${video}`],
  ],
  decode: [
    'ffmpeg',
    1,
    (video) => [
      ...['-v', 'error', '-nostdin', '-threads', '1', '-i', `file:${video}`],
      ...['-vf', 'format=rgb24', '-f', 'rawvideo', '-'],
    ],
  ],
};

/** The forms are tried in turn, in another order each time, so that a busier minute of the machine meets all of them. */
const ROUNDS = 9;

/** One run, on average over those of a round: the clock of CPU time is too coarse for a single probe. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * The same probe and the same decode without a cage, in the cage of a machine that gives no namespaces, and in the whole
 * one: medians of wall and CPU time, and how many times those without a cage each of them is.
 */
export async function benchCage(say: (line: string) => void): Promise<Record<string, unknown>> {
  const forms: Readonly<Record<string, Cage>> = {
    none: buildCage(CAGE_BARS),
    withoutNamespaces: buildCage(['network']),
    whole: buildCage(),
  };
  const builtAt = performance.now();
  buildCage();
  const figures: Record<string, unknown> = { buildMs: performance.now() - builtAt, bars: forms.whole?.bars };
  const video = await makeVideo({ frames: 50, size: { width: 1280, height: 720 } });
  for (const [work, [tool, runs, args]] of Object.entries(WORK)) {
    const costs: Record<string, Cost[]> = Object.fromEntries(Object.keys(forms).map((form) => [form, []]));
    const runOnce = (cage: Cage): Promise<Cost> => costOf(cage, { tool, runs, args: args(video) });
    for (const cage of Object.values(forms)) await runOnce(cage);
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = Object.entries(forms);
      if (round % 2 === 1) order.reverse();
      for (const [form, cage] of order) costs[form]?.push(await runOnce(cage));
    }
    const bare = mediansOf(costs.none ?? []);
    figures[work] = Object.fromEntries(
      Object.entries(costs).map(([form, of]) => {
        const { wallMs, cpuMs } = mediansOf(of);
        return [form, { wallMs, cpuMs, wallRatio: wallMs / bare.wallMs, cpuRatio: cpuMs / bare.cpuMs }];
      }),
    );
    say(`${work}: ${JSON.stringify(figures[work])}`);
  }
  return figures;
}

async function costOf(
  cage: Cage,
  { tool, runs, args }: { readonly tool: Tool; readonly runs: number; readonly args: readonly string[] },
): Promise<Cost> {
  const [program, leading] = cage.inside(tool, 600);
  const before = await cpuSeconds(process.pid);
  const startedAt = performance.now();
  for (let run = 0; run < runs; run += 1) {
    const [code] = await once(spawn(program, [...leading, ...args], { stdio: 'ignore' }), 'exit');
    if (code !== 0) throw new Error(`${tool} ended with ${code}`);
  }
  const wallMs = (performance.now() - startedAt) / runs;
  const after = await cpuSeconds(process.pid);
  return { wallMs, cpuMs: ((after.descendants - before.descendants) * 1000) / runs };
}

function mediansOf(costs: readonly Cost[]): Cost {
  const median = (pick: (cost: Cost) => number): number =>
    costs.map(pick).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
  return { wallMs: median(({ wallMs }) => wallMs), cpuMs: median(({ cpuMs }) => cpuMs) };
}
