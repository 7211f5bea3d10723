import type { ClipRef } from '@styleflow/contracts';
import { clipFramesKey, clipKey, clipScoreKey, stripKey } from '@styleflow/storage';

/** Where the objects of a clip lie. The keys themselves are spelled in the package storage. */

export function pixelsKeyOf({ job, run, track, clip, variant }: ClipRef): string {
  return clipKey(job, run, track, clip, variant);
}

export function framesKeyOf({ job, run, track, clip }: ClipRef): string {
  return clipFramesKey(job, run, track, clip);
}

export function stripKeyOf({ job, run, track, clip }: ClipRef): string {
  return stripKey(job, run, track, clip);
}

export function scoreKeyOf({ job, run, track, clip, bundle, variant }: ClipRef): string {
  return clipScoreKey(job, run, track, clip, bundle, variant);
}
