import type { ClipRef, ClipVariant, JobRun } from '@styleflow/contracts';
import { clipsPrefix, type ObjectStore, scoresPrefix } from '@styleflow/storage';
import { pixelsKeyOf, scoreKeyOf } from './clip-keys.js';

/** Which score of a clip: of which bundle, where several judge the job, and of which re-encoding. */
export type ScorePlace = Pick<ClipRef, 'bundle' | 'variant'>;

/** Which clips of a run had a score at the time of listing. */
export interface ScoreList {
  /** In each of the places, where any were named. */
  has(track: number, clip: number): boolean;
  /** When the clip's score was stored; null without a score. */
  storedAt(track: number, clip: number, place?: ScorePlace): Date | null;
}

/** Every score that a clip needs; `bundles`: of a job that several judge (see `ClipRef`). */
export function scorePlaces(
  bundles: readonly string[] | undefined,
  variants: readonly ClipVariant[] = [],
): ScorePlace[] {
  const judges: readonly (string | undefined)[] = bundles ?? [undefined];
  return judges.flatMap((bundle) => [undefined, ...variants].map((variant) => ({ bundle, variant })));
}

/** Lists the scores of one run, without reading them. `places`: which ones a clip needs; by default its own of a single bundle. */
export async function listScores(
  store: Pick<ObjectStore, 'list'>,
  { job, run }: JobRun,
  places: readonly ScorePlace[] = [{}],
): Promise<ScoreList> {
  const times = new Map<string, Date>();
  for await (const { key, modifiedAt } of store.list(scoresPrefix(job, run))) times.set(key, modifiedAt);
  const keyOf = (track: number, clip: number, place: ScorePlace): string =>
    scoreKeyOf({ job, run, track, clip, ...place });
  return {
    has: (track, clip) => places.every((place) => times.has(keyOf(track, clip, place))),
    storedAt: (track, clip, place = {}) => times.get(keyOf(track, clip, place)) ?? null,
  };
}

/** The clips of one run whose pixels are in the store, in no order that means anything. */
export async function listClips(
  store: Pick<ObjectStore, 'list'>,
  { job, run }: JobRun,
): Promise<{ readonly track: number; readonly clip: number }[]> {
  const prefix = clipsPrefix(job, run);
  const clips: { track: number; clip: number }[] = [];
  for await (const { key } of store.list(prefix)) {
    // Beside the pixels of a clip that is kept lies where its face is.
    const [, track, clip] = /^(\d+)\.(\d+)$/.exec(key.slice(prefix.length)) ?? [];
    if (track !== undefined && clip !== undefined) clips.push({ track: Number(track), clip: Number(clip) });
  }
  return clips;
}

/** Which clips of one run, or which re-encodings of them, have their pixels in the store. */
export async function listPixels(
  store: Pick<ObjectStore, 'list'>,
  { job, run }: JobRun,
): Promise<{ has(track: number, clip: number, variant?: ClipVariant): boolean }> {
  const keys = new Set<string>();
  for await (const { key } of store.list(clipsPrefix(job, run))) keys.add(key);
  return { has: (track, clip, variant) => keys.has(pixelsKeyOf({ job, run, track, clip, variant })) };
}
