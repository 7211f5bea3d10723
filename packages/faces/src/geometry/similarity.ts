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

/** `u = a·x + b·y + c`, `v = d·x + e·y + f`. */
export type Affine = readonly [number, number, number, number, number, number];

/**
 * The one similarity (turn, scale, shift; never a reflection) that places a clip's faces, fitted to all its points at once,
 * so that the face moves inside a fixed frame. As in the reference the least-squares fit is of the way back (standard
 * points → picture), `u = c·x + s·y + tx`, `v = c·y − s·x + ty`, in closed form on centred points; a fit of the way forth
 * gives another scale.
 * @param points the five points of each frame, in any common coordinates.
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

/** The map back. A map without inverse (all points in one place) gives zeros for its linear part, as warping expects. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  const scale = determinant === 0 ? 0 : 1 / determinant;
  const [a2, b2, d2, e2] = [e * scale, -b * scale, -d * scale, a * scale];
  return [a2, b2, -a2 * c - b2 * f, d2, e2, -d2 * c - e2 * f];
}
