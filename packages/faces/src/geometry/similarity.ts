import type { Landmarks } from './geometry.js';

/** Side of an aligned crop. */
export const CROP_SIZE = 256;

/** Where the five points lie in every aligned crop of 256 × 256 (FTCN's alignment for Face X-ray crops). */
export const STANDARD_POINTS: Landmarks = [
  [85.82991, 85.7792],
  [169.0532, 84.3381],
  [127.574, 137.0006],
  [90.6964, 174.7014],
  [167.3069, 173.3733],
];

/** `[a, b, c, d, e, f]` maps (x, y) to (u, v): `u = a·x + b·y + c`, `v = d·x + e·y + f`. */
export type Affine = readonly [number, number, number, number, number, number];

/**
 * Fits the one similarity (turn, scale and shift, never a reflection) that places the faces of a clip. It is fitted to
 * the points of all frames at once, so that the picture stands still and the face moves in it.
 *
 * As in the reference, least squares fit the way back, from standard points to picture, and the result is inverted; a
 * fit of the way forth would give another scale. The way back is `u = c·x + s·y + tx`, `v = c·y − s·x + ty`, solved in
 * closed form on centred points.
 * @param points the five points of each frame; all frames in the same coordinates.
 * @returns picture → crop.
 */
export function fitSimilarity(points: readonly Landmarks[]): Affine {
  const count = points.length * STANDARD_POINTS.length;
  let meanX = 0;
  let meanY = 0;
  let meanU = 0;
  let meanV = 0;
  for (const face of points) {
    for (let i = 0; i < 5; i++) {
      const [x, y] = STANDARD_POINTS[i] as readonly [number, number];
      const [u, v] = face[i] as readonly [number, number];
      meanX += x / count;
      meanY += y / count;
      meanU += u / count;
      meanV += v / count;
    }
  }
  let dot = 0;
  let cross = 0;
  let square = 0;
  for (const face of points) {
    for (let i = 0; i < 5; i++) {
      const x = (STANDARD_POINTS[i]?.[0] ?? 0) - meanX;
      const y = (STANDARD_POINTS[i]?.[1] ?? 0) - meanY;
      const u = (face[i]?.[0] ?? 0) - meanU;
      const v = (face[i]?.[1] ?? 0) - meanV;
      dot += x * u + y * v;
      cross += y * u - x * v;
      square += x * x + y * y;
    }
  }
  const c = dot / square;
  const s = cross / square;
  return invertAffine([c, s, meanU - c * meanX - s * meanY, -s, c, meanV - c * meanY + s * meanX]);
}

/**
 * The inverse map. Where there is none (all points in one place), the linear part is zeros, with which `warpCrop` can
 * work.
 */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  const scale = determinant === 0 ? 0 : 1 / determinant;
  const [a2, b2, d2, e2] = [e * scale, -b * scale, -d * scale, a * scale];
  return [a2, b2, -a2 * c - b2 * f, d2, e2, -d2 * c - e2 * f];
}
