/** A rule for a resize along one axis: which old points make a new one, and with which weights. */
export type ResizeKind = 'bicubic' | 'bilinear' | 'bilinear-opencv' | 'nearest';

/** A resize along one axis as a matrix, row-major [to, from]: new line = matrix · old line. */
export interface ResizeMatrix {
  readonly to: number;
  readonly from: number;
  readonly weights: Float64Array;
}

/** Pillow's coefficients are integers in units of 2⁻²². */
export const FRACTION_BITS = 22;

/**
 * The matrix that cuts `side` points out of the middle of a line of `from` and resizes them to `to`. As a product with
 * constants, a resize gives the same numbers in any operator set and on any execution provider.
 *
 * `bicubic` (a = −0.5) and `bilinear` are Pillow's: the filter is stretched when the line gets shorter, and
 * renormalised at the ends. `bilinear-opencv` takes two neighbours whatever the scale, clamped at the ends, as
 * `cv2.resize` does.
 */
export function resizeMatrix(
  kind: Exclude<ResizeKind, 'nearest'>,
  from: number,
  side: number,
  to: number,
): ResizeMatrix {
  const weights = new Float64Array(to * from);
  const offset = cropOffset(from, side);
  const taps = kind === 'bilinear-opencv' ? twoNeighbours : filtered(kind === 'bicubic' ? cubic : triangle);
  for (let row = 0; row < to; row++) {
    for (const [at, weight] of taps(row, side, to)) {
      const index = row * from + offset + at;
      weights[index] = (weights[index] ?? 0) + weight;
    }
  }
  return { to, from, weights };
}

/** For each new point the old one that it equals: for `nearest`, and wherever nothing is resized. */
export function nearestIndices(from: number, side: number, to: number): number[] {
  return Array.from({ length: to }, (_, at) => cropOffset(from, side) + Math.floor(((at + 0.5) * side) / to));
}

/** The first point of a crop from the middle. */
function cropOffset(from: number, side: number): number {
  return Math.floor((from - side) / 2);
}

type Taps = (row: number, side: number, to: number) => Iterable<readonly [at: number, weight: number]>;

interface Filter {
  /** Half the width of the filter, in points of the coarser line. */
  readonly reach: number;
  readonly value: (distance: number) => number;
}

const triangle: Filter = { reach: 1, value: (distance) => Math.max(0, 1 - Math.abs(distance)) };

const cubic: Filter = {
  reach: 2,
  value: (distance) => {
    const x = Math.abs(distance);
    if (x >= 2) return 0;
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
  },
};

function filtered({ reach, value }: Filter): Taps {
  return (row, side, to) => {
    const scale = side / to;
    const stretch = Math.max(scale, 1);
    const centre = (row + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach * stretch + 0.5));
    const end = Math.min(side, Math.floor(centre + reach * stretch + 0.5));
    const raw = Array.from({ length: end - first }, (_, tap) => value((first + tap + 0.5 - centre) / stretch));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const unit = 2 ** FRACTION_BITS;
    return raw.map((weight, tap) => {
      const share = (weight / sum) * unit;
      return [first + tap, (Math.sign(share) * Math.floor(Math.abs(share) + 0.5)) / unit] as const;
    });
  };
}

const twoNeighbours: Taps = (row, side, to) => {
  const place = Math.min(Math.max(((row + 0.5) * side) / to - 0.5, 0), side - 1);
  const left = Math.floor(place);
  return [
    [left, 1 - (place - left)],
    [Math.min(left + 1, side - 1), place - left],
  ];
};
