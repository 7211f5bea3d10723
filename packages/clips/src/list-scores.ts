import type { JobRun } from '@styleflow/contracts';
import { clipsPrefix, type ObjectStore, scoresPrefix } from '@styleflow/storage';
import { pixelsKeyOf, scoreKeyOf } from './clip-keys.js';

/** Which clips of a run had a score at the time of listing. */
export interface ScoreList {
  /** Of each of the bundles, where several were named. */
  has(track: number, clip: number): boolean;
  /** When the clip's score was stored; null without a score. */
  storedAt(track: number, clip: number, bundle?: string): Date | null;
}

/** Lists the scores of one run, without reading them. `bundles`: whose, of a job that several judge (see `ClipRef`). */
export async function listScores(
  store: Pick<ObjectStore, 'list'>,
  { job, run }: JobRun,
  bundles?: readonly string[],
): Promise<ScoreList> {
  const times = new Map<string, Date>();
  for await (const { key, modifiedAt } of store.list(scoresPrefix(job, run))) times.set(key, modifiedAt);
  const keyOf = (track: number, clip: number, bundle?: string): string => scoreKeyOf({ job, run, track, clip, bundle });
  const places: readonly (string | undefined)[] = bundles ?? [undefined];
  return {
    has: (track, clip) => places.every((bundle) => times.has(keyOf(track, clip, bundle))),
    storedAt: (track, clip, bundle) => times.get(keyOf(track, clip, bundle)) ?? null,
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

/** Which clips of one run have their pixels in the store. */
export async function listPixels(
  store: Pick<ObjectStore, 'list'>,
  { job, run }: JobRun,
): Promise<{ has(track: number, clip: number): boolean }> {
  const keys = new Set<string>();
  for await (const { key } of store.list(clipsPrefix(job, run))) keys.add(key);
  return { has: (track, clip) => keys.has(pixelsKeyOf({ job, run, track, clip })) };
}
