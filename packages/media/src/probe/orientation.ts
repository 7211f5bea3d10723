export type Rotation = 0 | 90 | 180 | 270;

/** How a stored picture becomes the one that a player shows: mirrored left to right if so, then turned clockwise. */
export interface Orientation {
  readonly rotation: Rotation;
  readonly isMirrored: boolean;
}

export const UPRIGHT: Orientation = { rotation: 0, isMirrored: false };

/**
 * Reads a display matrix as ffprobe prints it: three rows of three whole numbers, `a b u`, `c d v`, `x y w`. It sends the
 * stored point (p, q) to (a·p + c·q, b·p + d·q), y downwards. Angles are rounded to quarter turns; a matrix without an
 * inverse is ignored, as players do.
 */
export function readDisplayMatrix(text: string): Orientation {
  const rows = text.split('\n').map((line) =>
    line
      .replace(/^\s*\d+:/, '')
      .trim()
      .split(/\s+/)
      .map(Number),
  );
  const [[a = 0, b = 0] = [], [c = 0, d = 0] = []] = rows.filter((row) => row.length === 3);
  const determinant = a * d - b * c;
  if (!Number.isFinite(determinant) || determinant === 0) return UPRIGHT;
  const isMirrored = determinant < 0;
  // A mirrored picture's first axis points the other way; without that, what is left is a turn.
  const sign = isMirrored ? -1 : 1;
  const radians = Math.atan2((sign * b) / Math.hypot(b, d), (sign * a) / Math.hypot(a, c));
  const quarters = Math.round(radians / (Math.PI / 2));
  return { rotation: ((((quarters % 4) + 4) % 4) * 90) as Rotation, isMirrored };
}
