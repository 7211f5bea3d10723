import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openServableBundle } from '@styleflow/bundles';
import { StyleFlowClient } from '@styleflow/client';
import {
  PERTURBATIONS,
  PROTOCOL_NAMES,
  PROTOCOLS,
  type ProtocolName,
  printMetricsFile,
  type Run,
} from '@styleflow/judging';
import { printCount } from '@styleflow/runtime';
import { type Command, Option } from 'commander';
import { clientDefaults, stateFolder } from '../env.js';
import { openRun, pendingOf } from '../judge/evaluate-run.js';
import { listLabelled } from '../judge/labelled-input.js';
import { pendingCopies, VIDEOS_AT_ONCE, withCopies } from '../judge/perturb-videos.js';
import { RunFolder } from '../judge/run-folder.js';
import { type ScoringPorts, scoreVideos } from '../judge/score-videos.js';
import { type Outputs, writeOutputs } from '../judge/write-outputs.js';
import { printComparison, printRobustness, printRun } from '../view/print-run.js';
import { watchInterruption } from './interruption.js';
import { parseMaxFrames } from './parse-arguments.js';
import { withTemporarySystem } from './temporary-system.js';

interface EvaluateFlags {
  readonly out: string;
  readonly protocol: ProtocolName;
  readonly protocolAdapted?: true;
  readonly bundle?: string;
  readonly api?: string;
  readonly key?: string;
  readonly split?: string;
  readonly compression?: string;
  readonly labelColumn?: string;
  readonly maxFrames?: number;
  readonly sampling?: Run['options']['sampling'];
  readonly detection?: Run['options']['detection'];
  readonly seed: number;
  readonly metricsFile?: string;
  readonly perturb?: true;
  readonly compare?: string;
  readonly json?: true;
}

const ABOUT = `
INPUT is a manifest (CSV, NDJSON, JSON) with a column \`source\` and one that says what is true (truth_label, label, is_fake, …: fake, real,
1, 0), or a folder: FaceForensics++, Celeb-DF (v2), DFDC, DeeperForensics, FaceShifter, WildDeepfake, or folders called real and fake.

Protocols:
${PROTOCOL_NAMES.map((name) => `  ${name.padEnd(14)} ${PROTOCOLS[name].summary}`).join('\n')}

Without --api the videos are scored on a system that is started for them and stopped afterwards. Interrupted, the same command goes on
where it stopped. A run is judged in docs/judging.md.`;

/** `styleflow evaluate`: how good a bundle is on labelled videos. */
export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .argument('<input>', 'a labelled manifest, or the folder of a data set')
    .description('measure a bundle on labelled videos: figures with intervals, pictures, one page')
    .requiredOption('--out <run>', 'folder of the run')
    .addOption(
      new Option('--protocol <name>', 'how clips become the score of a video')
        .choices(PROTOCOL_NAMES)
        .default('all-faces'),
    )
    .option('--protocol-adapted', 'follow a protocol that has clips of another length; every output says so')
    .option('--bundle <dir>', 'model bundle to judge; with --api the id of one that is served')
    .option('--api <url>', 'score on this running system instead of one of its own')
    .option('--key <key>', 'API key; better in STYLEFLOW_API_KEY')
    .option('--split <name>', 'split of the data set, or all (default: test, where there is one)')
    .option('--compression <name>', 'of FaceForensics++: raw, c23, c40 (default: c23)')
    .option('--label-column <name>', 'column of the manifest that says what is true')
    .option('--max-frames <n>', 'frames to look at; 0 = the whole video', parseMaxFrames)
    .addOption(new Option('--sampling <how>', 'as of jobs').choices(['head', 'spread']))
    .addOption(new Option('--detection <how>', 'as of jobs').choices(['adaptive', 'dense']))
    .option('--seed <n>', 'of all draws', (text) => Math.trunc(Number(text)) || 0, 1)
    .option('--perturb', 'repeat it on changed copies: H.264, size, blur, noise, frame rate, lost frames')
    .option('--compare <run>', 'test against another run of the same videos')
    .option('--metrics-file <file>', 'also write the figures for Prometheus (textfile collector)')
    .option('--json', 'answer as JSON on stdout')
    .addHelpText('after', ABOUT)
    .action(async (input: string, flags: EvaluateFlags) => {
      const outputs = await evaluate(input, flags);
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(shownAsJson(outputs))}\n` : `${lines(outputs).join('\n')}\n`,
      );
    });
}

interface Evaluated extends Outputs {
  readonly folder: RunFolder;
}

async function evaluate(input: string, flags: EvaluateFlags): Promise<Evaluated> {
  const { out, protocol, seed, maxFrames, sampling, detection, split, compression, labelColumn } = flags;
  const other = flags.compare === undefined ? null : await RunFolder.open(flags.compare);
  const listed = await listLabelled(input, { split, compression, labelColumn });
  const options = { maxFrames, sampling, detection } as Partial<Run['options']>;
  const isAdapted = flags.protocolAdapted === true;
  const bundle = bundleAskedFor(flags);
  const request = { input: resolve(input), out, protocol, isAdapted, options, seed, ...(bundle && { bundle }) };
  const folder = await openRun(request, listed);
  await scoreAll(folder, flags);
  await folder.save({ ...folder.run, finishedAt: folder.run.finishedAt ?? new Date().toISOString() });
  const outputs = await writeOutputs(folder, other);
  if (flags.metricsFile !== undefined) {
    // Under another name first: the collector never reads a half.
    await writeFile(`${flags.metricsFile}.new`, printMetricsFile(folder.run, outputs.analysis, new Date()));
    await rename(`${flags.metricsFile}.new`, flags.metricsFile);
  }
  return { folder, ...outputs };
}

/** Of the bundle that the flag names: an id, or a folder of this machine. */
function bundleAskedFor({ bundle, api }: EvaluateFlags): (() => Promise<string>) | undefined {
  if (bundle === undefined) return undefined;
  return async () => (api === undefined ? (await openServableBundle(bundle)).id : bundle);
}

/** Scores what is left: the videos, then their changed copies. A system is started only where something is. */
async function scoreAll(folder: RunFolder, flags: EvaluateFlags): Promise<void> {
  const pending = pendingOf(folder);
  const wantsCopies = flags.perturb === true;
  if (pending.length === 0 && !(wantsCopies && pendingCopies(folder).length > 0)) return;
  await withScorer(folder, flags, async (scorer) => {
    if (pending.length > 0) {
      say(
        `${printCount(pending.length, 'video')} of ${folder.videos.length} to score, protocol ${folder.run.protocol}`,
      );
      await scoreVideos(folder, pending, { ...scorer, onVideo: tellProgress() });
    }
    if (wantsCopies) await scoreCopies(folder, scorer);
  });
}

async function scoreCopies(folder: RunFolder, scorer: Scorer): Promise<void> {
  const left = pendingCopies(folder);
  if (left.length === 0) return;
  say(`${printCount(left.length, 'video')} to score under ${PERTURBATIONS.length} changes`);
  let decodes = 0;
  for (let from = 0; from < left.length; from += VIDEOS_AT_ONCE) {
    const group = left.slice(from, from + VIDEOS_AT_ONCE);
    decodes += await withCopies(folder, group, scorer.signal, (copies) =>
      scoreVideos(folder, copies, { ...scorer, onVideo: () => {} }),
    );
    say(`${Math.min(left.length, from + VIDEOS_AT_ONCE)} of ${left.length} videos scored under changes`);
  }
  say(`${printCount(left.length, 'video')} decoded ${decodes} times to change them`);
}

type Scorer = Omit<ScoringPorts, 'onVideo'>;

async function withScorer(
  folder: RunFolder,
  flags: EvaluateFlags,
  use: (scorer: Scorer) => Promise<void>,
): Promise<void> {
  if (flags.api === undefined) {
    // Uploads to a system of its own are gone with it, so nobody may take them for kept.
    const owner = [folder.run.id, String(process.pid), String(Date.now())];
    await withTemporarySystem(flags.bundle, (client, signal) => use({ client, signal, owner, stateFolder }));
    return;
  }
  const key = flags.key ?? clientDefaults.key;
  let isBatchUnderWay = false;
  const { signal, release } = watchInterruption(() =>
    isBatchUnderWay
      ? 'interrupted; the batch goes on, and the same command follows it again'
      : 'interrupted; no batch of it is running. The same command goes on where it stopped',
  );
  const onBatch = (isUnderWay: boolean): void => {
    isBatchUnderWay = isUnderWay;
  };
  const client = new StyleFlowClient({ api: flags.api, key });
  try {
    await use({ client, signal, owner: [flags.api, key ?? ''], bundle: flags.bundle, stateFolder, onBatch });
  } finally {
    release();
  }
}

/** A line at each twentieth. */
function tellProgress(): (ended: number, total: number) => void {
  let last = 0;
  return (ended, total) => {
    const step = Math.floor((20 * ended) / total);
    if (step === last) return;
    last = step;
    say(`${ended} of ${total} videos scored`);
  };
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function lines({ folder, analysis, comparison, robustness }: Evaluated): string[] {
  return [
    ...printRun(folder.run, analysis),
    ...(robustness.length === 0 ? [] : ['', ...printRobustness(robustness)]),
    ...(comparison === null ? [] : ['', ...printComparison(comparison.name, comparison.figures)]),
    '',
    `page: ${join(folder.path, 'index.html')}`,
  ];
}

function shownAsJson({ folder, analysis: { groups, notes, rule }, comparison, robustness }: Evaluated): object {
  return { run: folder.run, folder: resolve(folder.path), rule, groups, notes, robustness, comparison };
}
