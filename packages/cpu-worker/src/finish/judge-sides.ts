import {
  CLIP_VARIANTS,
  type ClipVariant,
  JobError,
  type JobRun,
  MIN_SCORED_SHARE,
  type Prepared,
  variantsOf,
} from '@styleflow/contracts';
import { type ChildFailures, type JobRecord, type Judge, judgesOf } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import { findLostClips, type LostClip } from './find-lost-clips.js';
import type { JudgedScores, VariantSheets } from './judged-scores.js';
import { readScores, type ScoreSheet } from './read-scores.js';

/** What is stored of one bundle's work on a job. */
export interface Side {
  readonly judge: Judge;
  readonly scores: ScoreSheet;
  /** Of the clips' re-encodings; null where none were asked for. */
  readonly variants: VariantSheets<ScoreSheet> | null;
  readonly lost: readonly LostClip[];
  /** Of its own entries. */
  readonly failures: ChildFailures;
}

/**
 * The scores of each bundle that judges the job, in their order. Clips of one that was left out are not made again.
 * @throws JobError `storage_unavailable`
 */
export async function readSides(
  { store, logger }: { readonly store: ObjectStore; readonly logger: Logger },
  record: JobRecord,
  prepared: Prepared,
  failures: ChildFailures,
): Promise<Side[]> {
  const run: JobRun = { job: record.id, run: record.run };
  const sides: Side[] = [];
  for (const judge of judgesOf(record)) {
    const bundle = judge.place;
    const own =
      bundle === undefined ? failures : { ...failures, clips: failures.clips.filter((clip) => clip.bundle === bundle) };
    const scores = await readScores(store, run, prepared, { bundle });
    const read = (variant: ClipVariant): Promise<ScoreSheet> => readScores(store, run, prepared, { bundle, variant });
    const variants =
      variantsOf(record.options).length === 0 ? null : { h264: await read('h264'), half: await read('half') };
    const sheets = [
      { place: { bundle }, scores },
      ...(variants === null
        ? []
        : CLIP_VARIANTS.map((variant) => ({ place: { bundle, variant }, scores: variants[variant] }))),
    ];
    const lost: LostClip[] = [];
    for (const sheet of judge.isLeftOut ? [] : sheets) {
      lost.push(...(await findLostClips({ store, logger }, run, { prepared, failures: own, ...sheet })));
    }
    sides.push({ judge, scores, variants, lost, failures: own });
  }
  return sides;
}

/**
 * Which bundles have an opinion. One that scored too few of the clips has none, nor has one that nobody served to the end; where that leaves
 * none, it is the error that the job fails with.
 */
export function judgeSides(sides: readonly Side[]): JudgedScores[] | JobError {
  const shortfalls: JobError[] = [];
  const judged = sides.map(({ judge, scores, variants, lost, failures }): JudgedScores => {
    const { bundle } = judge;
    if (judge.isLeftOut && sheetsOf({ scores, variants }).some(({ scored, planned }) => scored < planned)) {
      const message = `No worker served ${bundle.id} for longer than the outage budget.`;
      shortfalls.push(new JobError('inference_failed', message));
      return { bundle, scores, leftOut: { reason: 'no_workers', message } };
    }
    const shortfall = findShortfall(scores, failures, lost);
    if (shortfall === null) return { bundle, scores, ...(variants && { variants }) };
    shortfalls.push(shortfall);
    return { bundle, scores, leftOut: { reason: 'clips_failed', message: shortfall.message } };
  });
  const [first, ...others] = shortfalls;
  if (first === undefined || judged.some(({ leftOut }) => leftOut === undefined)) return judged;
  return others.length === 0 ? first : new JobError(first.code, shortfalls.map(({ message }) => message).join(' '));
}

function findShortfall(
  { planned, scored }: ScoreSheet,
  failures: ChildFailures,
  lost: readonly LostClip[],
): JobError | null {
  if (scored >= planned * MIN_SCORED_SHARE) return null;
  const { clips } = failures;
  const own = lost.find(({ variant }) => variant === undefined);
  if (own) {
    const what = `The stored object ${own.key} is damaged${whyForGood(failures)}.`;
    return new JobError('internal', `${planned - scored} of ${planned} clips could not be scored. ${what}`);
  }
  const cause = clips[0] ? ` The first of them: ${clips[0].error.message}` : '';
  return new JobError('inference_failed', `${planned - scored} of ${planned} clips could not be scored.${cause}`);
}

/** Why a damaged object is not made again once more. */
export function whyForGood({ prepare }: ChildFailures): string {
  if (prepare === null) return ', and was so again after it had been made anew';
  return ` and could not be made again: ${prepare.message.replace(/\.$/, '')}`;
}

/** All that a side was to score: the clips, and their re-encodings where they were asked for. */
const sheetsOf = ({ scores, variants }: Pick<Side, 'scores' | 'variants'>): ScoreSheet[] => [
  scores,
  ...(variants === null ? [] : CLIP_VARIANTS.map((variant) => variants[variant])),
];

/** When the last score of a side was stored; null without one. */
export function lastStoredAt(side: Side): Date | null {
  return sheetsOf(side).reduce<Date | null>(
    (last, { lastStoredAt: at }) => (last === null || (at !== null && at > last) ? at : last),
    null,
  );
}
