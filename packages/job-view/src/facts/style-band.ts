import type { StyleGroupName } from '@styleflow/contracts/style-groups';
import type { VerdictKind } from './verdict-facts.js';
import type { ViewedModel } from './viewed-job.js';

export type StyleBand = NonNullable<ViewedModel['styleBand']>;

/** The band that clips are drawn against; none beside numbers that a simulated device has made up. */
export function bandOf({
  kind,
  result: { model },
}: {
  readonly kind: VerdictKind;
  readonly result: { readonly model: ViewedModel };
}): StyleBand | undefined {
  return kind === 'simulated' ? undefined : model.styleBand;
}

/** A clip's mean against the band of its group; all shares are of the scale's length. */
export interface BandPlace {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** At the end of the scale for a mean that lies beyond it. */
  readonly mean: number;
  readonly lies: 'below' | 'within' | 'above';
}

/** The scale ends where it is twice the band's upper bound: the same for all clips of a bundle, so that they can be compared. */
const SCALE_OF_BOUND = 2;

/** Where a mean lies; null without a band, and in one that has no width. */
export function placeInBand(band: StyleBand | undefined, group: StyleGroupName, mean: number): BandPlace | null {
  if (band === undefined) return null;
  const [low, middle, high] = band.groups[group];
  if (high <= low) return null;
  const share = (value: number): number => Math.min(1, value / (high * SCALE_OF_BOUND));
  return {
    ...{ low: share(low), middle: share(middle), high: share(high), mean: share(mean) },
    lies: mean < low ? 'below' : mean > high ? 'above' : 'within',
  };
}
