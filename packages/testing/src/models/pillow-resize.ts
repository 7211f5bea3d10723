/**
 * Pillow's resize (by default bicubic, a = −0.5; antialiased) of one square picture of bytes [side, side, 3], for
 * tests. It runs two passes, rows first, each rounded to bytes, with coefficients of 22 fraction bits.
 */
export function pillowResize(
  picture: Uint8Array,
  side: number,
  newSide: number,
  filter: PillowFilter = 'bicubic',
): Uint8Array {
  const taps = coefficients(side, newSide, filter);
  const rows = new Uint8Array(side * newSide * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < newSide; x++)
      for (let c = 0; c < 3; c++)
        rows[(y * newSide + x) * 3 + c] = apply(taps[x], (from) => picture[(y * side + from) * 3 + c] ?? 0);
  const result = new Uint8Array(newSide * newSide * 3);
  for (let y = 0; y < newSide; y++)
    for (let x = 0; x < newSide; x++)
      for (let c = 0; c < 3; c++)
        result[(y * newSide + x) * 3 + c] = apply(taps[y], (from) => rows[(from * newSide + x) * 3 + c] ?? 0);
  return result;
}

type PillowFilter = 'bicubic' | 'bilinear';

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const FRACTION_BITS = 22;

function coefficients(side: number, newSide: number, filter: PillowFilter): Taps[] {
  const scale = side / newSide;
  const [width, shape] = filter === 'bicubic' ? ([2, cubic] as const) : ([1, tent] as const);
  const support = width * Math.max(scale, 1);
  return Array.from({ length: newSide }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(side, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: last - first }, (_, tap) =>
      shape((first + tap - centre + 0.5) / Math.max(scale, 1)),
    );
    const sum = raw.reduce((total, value) => total + value, 0);
    const weights = raw.map((value) => {
      const fixed = (value / sum) * 2 ** FRACTION_BITS;
      return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    });
    return { first, weights };
  });
}

function apply(taps: Taps | undefined, value: (from: number) => number): number {
  if (!taps) throw new RangeError('no coefficients');
  const sum = taps.weights.reduce(
    (total, weight, tap) => total + weight * value(taps.first + tap),
    2 ** (FRACTION_BITS - 1),
  );
  return Math.min(255, Math.max(0, Math.floor(sum / 2 ** FRACTION_BITS)));
}

function tent(distance: number): number {
  const x = Math.abs(distance);
  return x < 1 ? 1 - x : 0;
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x < 2 ? -0.5 * (x ** 3 - 5 * x ** 2 + 8 * x - 4) : 0;
}
