import type { ClipRef } from '@styleflow/contracts';
import { clipKey, clipScoreKey, stripKey } from '@styleflow/storage';

/** Where a clip's three objects lie; their keys are spelled in storage. */

export function pixelsKeyOf({ job, run, track, clip }: ClipRef): string {
  return clipKey(job, run, track, clip);
}

export function stripKeyOf({ job, run, track, clip }: ClipRef): string {
  return stripKey(job, run, track, clip);
}

export function scoreKeyOf({ job, run, track, clip }: ClipRef): string {
  return clipScoreKey(job, run, track, clip);
}
