import type { ClipFrames } from '@styleflow/clips';
import { CLIP_FRAMES, type Prepared } from '@styleflow/contracts';
import type { PlannedVideo } from '../plan/plan-dataset.js';

/** One clip of a video. */
export interface ClipPlace {
  readonly track: number;
  readonly clip: number;
  readonly padded: boolean;
}

/** Version of `KEY.json`; fields may be added without a new one. */
const VERSION = 1;

/**
 * `KEY.json`: what is known of a clip. Lists have 32 entries, one a crop; of a padded clip they are mirrored as its crops are, which
 * `frames` shows.
 */
export function printSampleFacts(video: PlannedVideo, prepared: Prepared, place: ClipPlace, kept: ClipFrames): string {
  const { id, label, method, identity, group, split } = video;
  const { sha256, width, height, fps, codec, container, bytes, durationSeconds, hasAudio } = prepared.video;
  const order = mirrored(kept.frames.length);
  const pick = <T>(list: readonly T[]): T[] => order.map((at) => list[at] as T);
  return JSON.stringify({
    v: VERSION,
    ...{ label, method, identity, group, split, video: sha256, id },
    // Codec, rate and size are what a detector must not learn by: a baseline reads them here.
    source: { width, height, fps, codec, container, bytes, durationSeconds, hasAudio },
    ...{ track: place.track, clip: place.clip, padded: place.padded },
    frames: pick(kept.frames),
    seconds: pick(kept.seconds),
    boxes: pick(kept.boxes),
    points: pick(kept.points),
    measured: pick(kept.measured),
    preprocessing: prepared.preprocessing,
  });
}

/** 0 1 … n−1, played back without repeating the ends, and so on: 32 numbers. */
function mirrored(length: number): number[] {
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: CLIP_FRAMES }, (_, i) => {
    const at = i % period;
    return at < length ? at : period - at;
  });
}
