import { createHash } from 'node:crypto';
import { bootstrapIntervals, type Interval, type Unit } from '../intervals/bootstrap.js';
import type { LabelledVideo } from '../layouts/labelled-video.js';
import { type AnswerRule, type Confusion, confusionOf } from '../metrics/confusion.js';
import { MEASURES, type Measures, measureCounts } from '../metrics/measure-counts.js';
import { countsOf } from '../metrics/score-counts.js';
import { PROTOCOLS } from '../protocols/protocols.js';
import { type VideoScore, videoScore } from '../protocols/video-score.js';
import type { Outcome, Run } from './run-schemas.js';

/** A video of a run with what is known of it. */
export interface JudgedVideo extends VideoScore {
  readonly video: LabelledVideo;
  readonly outcome: Outcome;
  /** True when the service gave no verdict for a reason beside the score: outside of the calibration, unstable. */
  readonly isWithheld: boolean;
}

export type Intervals = Readonly<Record<(typeof MEASURES)[number], Interval | null>>;

export interface Figures {
  readonly measures: Measures;
  readonly intervals: Intervals;
}

/** The figures of some of a run's videos. */
export interface Group {
  /** `all` (with the data set, where there is one only), a data set, or a data set and a method. */
  readonly name: string;
  readonly dataset: string | null;
  readonly method: string | null;
  readonly videos: number;
  readonly fakes: number;
  readonly reals: number;
  readonly scored: number;
  readonly withoutFace: number;
  readonly faceTooShort: number;
  readonly failed: number;
  /** Scored, and yet without an answer for another reason than the score. */
  readonly outsideCalibration: number;
  readonly confusion: Confusion;
  /** By video. */
  readonly video: Figures;
  /** By clip; its intervals draw videos, with all of their clips. */
  readonly clip: Figures & { readonly clips: number };
}

export interface Analysis {
  readonly rule: AnswerRule;
  readonly groups: readonly Group[];
  /** What kept figures from being computed, or videos from being counted, in sentences. */
  readonly notes: readonly string[];
  readonly counted: readonly JudgedVideo[];
}

/** All figures of a run from what is stored in its folder. The same folder gives the same figures. */
export function analyseRun(run: Run, videos: readonly LabelledVideo[], outcomes: readonly Outcome[]): Analysis {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const judged = videos.flatMap((video) => {
    const outcome = byId.get(video.id);
    return outcome === undefined ? [] : [judge(run, video, outcome)];
  });
  const { counted, notes } = dropDuplicates(judged);
  const rule = ruleOf(run);
  const datasets = [...new Set(counted.map(({ video }) => video.dataset))];
  const parts: { name: string; dataset: string | null; method: string | null; members: readonly JudgedVideo[] }[] = [
    { name: 'all', dataset: datasets.length === 1 ? (datasets[0] ?? null) : null, method: null, members: counted },
  ];
  for (const dataset of datasets) {
    const members = counted.filter(({ video }) => video.dataset === dataset);
    if (datasets.length > 1) parts.push({ name: dataset, dataset, method: null, members });
    const methods = [...new Set(members.flatMap(({ video }) => video.method ?? []))].sort();
    if (methods.length < 2) continue;
    for (const method of methods) {
      const those = members.filter(({ video }) => !video.isFake || video.method === method);
      parts.push({ name: `${dataset}: ${method}`, dataset, method, members: those });
    }
  }
  const groups = parts.map(({ members, ...part }) => ({ ...part, ...figuresOf(members, rule, run.seed) }));
  const [all] = groups;
  if (all && (all.fakes === 0 || all.reals === 0))
    notes.push(
      `all videos are ${all.fakes === 0 ? 'real' : 'fakes'}: figures that compare both classes (AUC, EER, AP, TPR at FPR) do not exist`,
    );
  if (all && all.scored > 0 && Math.min(all.fakes, all.reals) < 30)
    notes.push(
      'with fewer than 30 videos of a class the intervals are rough; percentiles of so few draws are too narrow',
    );
  return { rule, groups, notes, counted };
}

/** From which score on the run says fake, and below which real. */
export function ruleOf({ protocol, served }: Run): AnswerRule {
  const fixed = PROTOCOLS[protocol].threshold;
  if (fixed !== null) return { real: fixed, fake: fixed };
  const threshold = served?.threshold ?? 0.5;
  return served?.thresholds ?? { real: threshold, fake: threshold };
}

function judge(run: Run, video: LabelledVideo, outcome: Outcome): JudgedVideo {
  const calibration = run.served?.calibration ?? { a: 1, b: 0 };
  const reason = outcome.verdict?.reason;
  const isWithheld = run.protocol === 'all-faces' && (reason === 'outside_calibration' || reason === 'unstable');
  return { video, outcome, isWithheld, ...videoScore(run.protocol, outcome.faces, calibration) };
}

/** A video that is there twice counts once; one that is there under both labels does not count, since nobody knows its truth. */
function dropDuplicates(judged: readonly JudgedVideo[]): { counted: JudgedVideo[]; notes: string[] } {
  const bySha = new Map<string, JudgedVideo[]>();
  for (const each of judged) {
    const key = each.outcome.sha256 ?? `id ${each.video.id}`;
    bySha.set(key, [...(bySha.get(key) ?? []), each]);
  }
  const notes: string[] = [];
  const counted: JudgedVideo[] = [];
  for (const same of bySha.values()) {
    const [first] = same;
    if (first === undefined) continue;
    const names = same.map(({ video }) => video.id).join(', ');
    if (same.some(({ video }) => video.isFake !== first.video.isFake)) {
      notes.push(`the same video stands under both labels, and counts for neither: ${names}`);
      continue;
    }
    if (same.length > 1) notes.push(`the same video, counted once: ${names}`);
    counted.push(first);
  }
  return { counted, notes };
}

function figuresOf(members: readonly JudgedVideo[], rule: AnswerRule, seed: number) {
  const scored = members.filter(({ score }) => score !== null);
  const units = scored.map(
    ({ video, score, isWithheld }): Unit => ({
      ...{ isFake: video.isFake, scores: [score ?? 0], stratum: video.dataset, isWithheld },
    }),
  );
  const clipUnits = scored.map(
    ({ video, clips, isWithheld }): Unit => ({
      ...{ isFake: video.isFake, scores: clips, stratum: video.dataset, isWithheld },
    }),
  );
  const reasonIs = (reason: string): number =>
    members.filter(({ score, outcome }) => score === null && outcome.verdict?.reason === reason).length;
  const answerable = countsOf(units.filter(({ isWithheld }) => !isWithheld).flatMap(itemsOf));
  const failed = members.filter(({ outcome }) => outcome.status !== 'succeeded').length;
  const withoutFace = reasonIs('no_face');
  return {
    videos: members.length,
    fakes: members.filter(({ video }) => video.isFake).length,
    reals: members.filter(({ video }) => !video.isFake).length,
    scored: scored.length,
    withoutFace,
    faceTooShort: members.length - scored.length - failed - withoutFace,
    failed,
    outsideCalibration: scored.filter(({ isWithheld }) => isWithheld).length,
    confusion: confusionOf(answerable, rule),
    video: figures(units, rule, seed),
    clip: { ...figures(clipUnits, rule, seed), clips: clipUnits.reduce((sum, { scores }) => sum + scores.length, 0) },
  };
}

function figures(units: readonly Unit[], rule: AnswerRule, seed: number): Figures {
  const counts = countsOf(units.flatMap(itemsOf));
  const answerable = countsOf(units.filter(({ isWithheld }) => isWithheld !== true).flatMap(itemsOf));
  const intervals = bootstrapIntervals(
    units,
    (drawn, drawnAnswerable) => {
      const measures = measureCounts(drawn, rule, drawnAnswerable);
      return MEASURES.map((name) => measures[name]);
    },
    { seed },
  );
  return {
    measures: measureCounts(counts, rule, answerable),
    intervals: Object.fromEntries(MEASURES.map((name, index) => [name, intervals[index] ?? null])) as Intervals,
  };
}

function itemsOf({ isFake, scores }: Unit): { isFake: boolean; score: number }[] {
  return scores.map((score) => ({ isFake, score }));
}

/** Digest of a list of labelled videos with what tells that a file was changed. */
export function digestList(
  rows: readonly (Pick<LabelledVideo, 'id' | 'isFake'> & {
    readonly size: number | null;
    readonly mtimeMs: number | null;
  })[],
): string {
  const hash = createHash('sha256');
  for (const { id, isFake, size, mtimeMs } of rows) hash.update(`${JSON.stringify([id, isFake, size, mtimeMs])}\n`);
  return hash.digest('hex');
}
