import type { ReactNode } from 'react';
import type { BandPlace } from '../facts/style-band.js';

/** A thousandth of the scale is more than a screen can show. */
const WIDTH = 1000;
const at = (share: number): number => Math.round(share * WIDTH);

/** The band of real videos with its median, and this clip as a mark on it. The words beside it say the same. */
export function BandScale({ place }: { readonly place: BandPlace }): ReactNode {
  const { low, middle, high, mean } = place;
  return (
    <svg className="jv-band" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
      <rect className="jv-band-range" x={at(low)} y="2" width={at(high) - at(low)} height="6" />
      <path className="jv-band-middle" d={`M${at(middle)} 2V8`} />
      <path className="jv-band-mean" d={`M${at(mean)} 0V10`} />
    </svg>
  );
}
