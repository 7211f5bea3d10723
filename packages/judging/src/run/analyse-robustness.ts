import { bootstrapIntervals, type Interval } from '../intervals/bootstrap.js';
import { type PairedDifference, pairedBootstrap } from '../intervals/paired-bootstrap.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { countsOf } from '../metrics/score-counts.js';
import { PERTURBATIONS, type Perturbation } from '../protocols/perturbations.js';
import { videoScore } from '../protocols/video-score.js';
import type { Analysis } from './analyse-run.js';
import type { Outcome, Run } from './run-schemas.js';

/** How the run's videos are told apart under one change. */
export interface RobustnessRow extends Pick<Perturbation, 'name' | 'kind' | 'strength' | 'words'> {
  readonly videos: number;
  /** Of these, without a score: no face was found any more, or the copy failed. */
  readonly unscored: number;
  readonly auc: number | null;
  readonly interval: Interval | null;
  /** AUC under the change − AUC without, over videos with a score in both. */
  readonly loss: PairedDifference;
}

/** A row for each change that the run was repeated under. Only videos that count without a change count here. */
export function analyseRobustness(run: Run, { counted }: Analysis, outcomes: readonly Outcome[]): RobustnessRow[] {
  const calibration = run.served?.calibration ?? { a: 1, b: 0 };
  const clean = new Map(counted.map((each) => [each.video.id, each]));
  return PERTURBATIONS.flatMap(({ name, kind, strength, words }) => {
    const changed = outcomes.filter(({ perturbation, id }) => perturbation === name && clean.has(id));
    if (changed.length === 0) return [];
    const scored = changed.flatMap(({ id, faces }) => {
      const before = clean.get(id);
      const { score } = videoScore(run.protocol, faces, calibration);
      return before === undefined || score === null ? [] : [{ before, score, isFake: before.video.isFake }];
    });
    const both = scored.filter(({ before }) => before.score !== null);
    const units = scored.map(({ score, isFake, before }) => ({
      isFake,
      scores: [score],
      stratum: before.video.dataset,
    }));
    const [interval = null] = bootstrapIntervals(units, (counts) => [areaUnderRoc(counts)], { seed: run.seed });
    const paired = {
      isFake: both.map(({ isFake }) => isFake),
      first: both.map(({ before }) => before.score ?? 0),
      second: both.map(({ score }) => score),
    };
    return [
      {
        ...{ name, kind, strength, words, videos: changed.length, unscored: changed.length - scored.length },
        ...{ auc: areaUnderRoc(countsOf(scored)), interval, loss: pairedBootstrap(paired, { seed: run.seed }) },
      },
    ];
  });
}
