import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Analysis,
  analyseRobustness,
  analyseRun,
  answerOf,
  compareRuns,
  drawPictures,
  type NamedScores,
  type RobustnessRow,
  type RunComparison,
  runPage,
  toPng,
} from '@styleflow/judging';
import { stringify } from 'csv-stringify/sync';
import type { RunFolder } from './run-folder.js';

export interface Outputs {
  readonly analysis: Analysis;
  readonly comparison: { readonly name: string; readonly figures: RunComparison } | null;
  /** Empty unless the run was repeated under changes. */
  readonly robustness: readonly RobustnessRow[];
}

/** Computes everything that a run's folder holds beside its raw lines, and writes it: the same lines give the same files. */
export async function writeOutputs(folder: RunFolder, other: RunFolder | null): Promise<Outputs> {
  const { run } = folder;
  const analysis = analyse(folder);
  const comparison =
    other === null ? null : { name: other.path, figures: compareRuns(analyse(other), analysis, run.seed) };
  const robustness = analyseRobustness(run, analysis, folder.outcomes);
  const pictures = drawPictures(scoresByGroup(analysis), run.protocol);
  await mkdir(join(folder.path, 'pictures'), { recursive: true });
  for (const picture of pictures) {
    await folder.write(`pictures/${picture.file}.svg`, picture.svg);
    await folder.write(`pictures/${picture.file}.png`, await toPng(picture));
  }
  const { groups, notes, rule } = analysis;
  const { protocol, departures, served } = run;
  const head = { run: run.id, protocol, departures, bundle: served?.bundle ?? null, rule, notes };
  await folder.write('metrics.json', `${JSON.stringify({ ...head, groups, robustness, comparison }, null, 2)}\n`);
  await folder.write('scores.csv', printScores(folder, analysis));
  await folder.write('index.html', runPage({ run, analysis, pictures, comparison, robustness }));
  return { analysis, comparison, robustness };
}

export function analyse({ run, videos, outcomes }: RunFolder): Analysis {
  return analyseRun(
    run,
    videos,
    outcomes.filter(({ perturbation }) => perturbation === undefined),
  );
}

function scoresByGroup({ groups, counted }: Analysis): NamedScores[] {
  return groups.map(({ name, dataset, method }) => ({
    name,
    scores: counted.flatMap(({ video, score }) => {
      const isIn =
        dataset === null ||
        (video.dataset === dataset && (method === null || !video.isFake || video.method === method));
      return isIn && score !== null ? [{ score, isFake: video.isFake }] : [];
    }),
  }));
}

const COLUMNS = [
  ...[
    'id',
    'source',
    'dataset',
    'method',
    'split',
    'compression',
    'truth_label',
    'status',
    'answer',
    'reason',
    'score',
  ],
  ...['logit', 'clips', 'faces', 'protocol', 'counted', 'sha256', 'error_code', 'job'],
];

/** A line for each video of the list, those that were not counted among them. */
function printScores({ run, videos, outcomes }: RunFolder, { counted, rule }: Analysis): string {
  const judged = new Map(counted.map((each) => [each.video.id, each]));
  const ended = new Map(
    outcomes.filter(({ perturbation }) => perturbation === undefined).map((each) => [each.id, each]),
  );
  const rows = videos.map(({ id, source, dataset, method, split, compression, isFake }) => {
    const outcome = ended.get(id);
    const each = judged.get(id);
    const score = each?.score ?? null;
    const answer = each === undefined || score === null ? '' : answerOf(each, score, rule);
    return [
      ...[id, source, dataset, method, split, compression, isFake ? 'fake' : 'real', outcome?.status ?? 'pending'],
      ...[answer, outcome?.verdict?.reason, score, each?.logit, each?.clips.length, outcome?.faces.length],
      ...[run.protocol, each !== undefined, outcome?.sha256, outcome?.errorCode, outcome?.job],
    ].map((cell) => (cell === null || cell === undefined ? '' : String(cell)));
  });
  return stringify([COLUMNS, ...rows]);
}
