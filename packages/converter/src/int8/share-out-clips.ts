import { checkpointError } from '@styleflow/files';

/** A clip of aligned faces on which an import tries a network. */
export interface TrialClip {
  /** For messages. */
  readonly name: string;
  /** RGB `[32, 256, 256, 3]`, in memory of its own. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What clips are for: ranges of values come from some, and the others show what rounding to them did. */
export interface SharedOutClips {
  readonly ranges: readonly TrialClip[];
  readonly heldOut: readonly TrialClip[];
}

/** Every fourth clip is held out, so with fewer there would be none, or hardly any ranges. */
const HELD_OUT_EVERY = 4;
const LEAST_CLIPS = HELD_OUT_EVERY;
/** More change ranges hardly, and each takes a run in float32. */
const MOST_RANGE_CLIPS = 48;
/** Each of these takes two runs. */
const MOST_HELD_OUT_CLIPS = 16;

/**
 * Shares clips out. Of many, those are taken that lie evenly among them.
 * @throws JobError `invalid_request` when there are too few.
 */
export function shareOutClips(clips: readonly TrialClip[]): SharedOutClips {
  if (clips.length < LEAST_CLIPS) {
    throw checkpointError(
      `int8 needs at least ${LEAST_CLIPS} clips, better some dozens of several videos, and --int8-clips names ${clips.length}`,
    );
  }
  const isHeldOut = (index: number): boolean => index % HELD_OUT_EVERY === HELD_OUT_EVERY - 1;
  return {
    ranges: thinOut(
      clips.filter((_, index) => !isHeldOut(index)),
      MOST_RANGE_CLIPS,
    ),
    heldOut: thinOut(
      clips.filter((_, index) => isHeldOut(index)),
      MOST_HELD_OUT_CLIPS,
    ),
  };
}

function thinOut<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]).filter(
    (each) => each !== undefined,
  );
}
