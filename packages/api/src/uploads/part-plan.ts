import { MAX_UPLOAD_PARTS } from '@styleflow/contracts';

const MIB = 1024 * 1024;

/**
 * Length of a part up to 80 GB. Fetchers can compare what they read with the ETag of an object that came in parts of this length
 * (sources: `EtagDigest`).
 */
export const PART_BYTES = 8 * MIB;

/** How a video is cut. */
export interface PartPlan {
  readonly bytes: number;
  /** Length of each part but the last. */
  readonly partBytes: number;
}

/** Parts of `least` bytes, longer in whole MiB where there would be too many. */
export function planParts(bytes: number, least: number): PartPlan {
  const partBytes =
    Math.ceil(bytes / MAX_UPLOAD_PARTS) <= least ? least : Math.ceil(bytes / MAX_UPLOAD_PARTS / MIB) * MIB;
  return { bytes, partBytes };
}

export function countParts({ bytes, partBytes }: PartPlan): number {
  return Math.ceil(bytes / partBytes);
}

/** Parts are numbered from 1. */
export function bytesOfPart({ bytes, partBytes }: PartPlan, part: number): number {
  return Math.min(partBytes, bytes - (part - 1) * partBytes);
}

/** Numbers in ascending order as ranges, both ends included. */
export function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
