import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFor } from './command-template.js';
import { measuredRun, type RunCost } from './measured-run.js';
import { pairwiseRatios, spreadOf } from './spread.js';

const CLI = fileURLToPath(new URL('../../../../packages/cli/dist/main.js', import.meta.url));

export interface AgainstChoice {
  /** A shell line with `{video}` where the path goes. */
  readonly command: string;
  /** Of ours; without it the untrained bundle. */
  readonly bundle?: string | undefined;
  /** Cores that both may use, as taskset writes them. */
  readonly cores: string;
  readonly rounds: number;
}

const SIDES = ['ours', 'reference'] as const;
type Side = (typeof SIDES)[number];
const FIGURES = ['cpuSeconds', 'wallSeconds', 'peakMegabytes'] as const satisfies readonly (keyof RunCost)[];

/**
 * Any command beside `styleflow analyze` on the same video, in turn and on the same cores: processor seconds and peak memory of
 * the whole tree of processes and wall time of each, and how many times the reference ours takes. Each runs once before,
 * uncounted, so that files lie in memory for both.
 * @throws JobError `invalid_request` when either fails, with the end of its stderr.
 */
export async function benchAgainst(
  say: (line: string) => void,
  path: string,
  { command, bundle, cores, rounds }: AgainstChoice,
): Promise<Record<string, unknown>> {
  const video = resolve(path);
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-against-'));
  const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;
  if (!hasTaskset) say('taskset (of util-linux) is not there: both may use all cores');
  const pinned = hasTaskset ? ['taskset', '-c', cores] : [];
  const analyze = [
    'analyze',
    video,
    '--out',
    join(folder, 'results'),
    ...(bundle ? ['--bundle', resolve(bundle)] : []),
  ];
  const lines: Readonly<Record<Side, readonly string[]>> = {
    ours: [...pinned, process.execPath, CLI, ...analyze],
    reference: [...pinned, 'sh', '-c', commandFor(command, video)],
  };
  const costs: Readonly<Record<Side, RunCost[]>> = { ours: [], reference: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      // In another order each time: neither is always the one that runs behind the other.
      const order = round % 2 === 0 ? [...SIDES].reverse() : SIDES;
      for (const side of order) {
        const cost = await measuredRun(side === 'ours' ? 'styleflow analyze' : 'the reference', lines[side]);
        if (round > 0) costs[side].push(cost);
        say(`${round > 0 ? `round ${round}` : 'uncounted'}, ${side}: ${sentenceOf(cost)}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const valuesOf = (side: Side, figure: (typeof FIGURES)[number]) => costs[side].map((cost) => cost[figure]);
  const each = <T>(of: (figure: (typeof FIGURES)[number]) => T) =>
    Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)]));
  return {
    cores: hasTaskset ? cores : 'not pinned',
    rounds,
    oursByReference: {
      cpu: pairwiseRatios(valuesOf('ours', 'cpuSeconds'), valuesOf('reference', 'cpuSeconds')),
      wall: pairwiseRatios(valuesOf('ours', 'wallSeconds'), valuesOf('reference', 'wallSeconds')),
      peakMemory: pairwiseRatios(valuesOf('ours', 'peakMegabytes'), valuesOf('reference', 'peakMegabytes')),
    },
    ours: each((figure) => spreadOf(valuesOf('ours', figure))),
    reference: each((figure) => spreadOf(valuesOf('reference', figure))),
  };
}

function sentenceOf({ cpuSeconds, wallSeconds, peakMegabytes }: RunCost): string {
  return `${cpuSeconds.toFixed(2)} processor seconds, ${wallSeconds.toFixed(2)} s, ${peakMegabytes} MB at most`;
}
