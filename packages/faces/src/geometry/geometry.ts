/** `[x1, y1, x2, y2]` in pixels of the displayed frame; floats, may reach beyond the frame. */
export type Box = readonly [number, number, number, number];

/**
 * `[x, y]` in pixels of the displayed frame. Whole numbers are the upper left corners of pixels, as detectors count.
 */
export type Point = readonly [number, number];

/** The alignment points: viewer-left eye, viewer-right eye, nose tip, viewer-left and viewer-right mouth corner. */
export type Landmarks = readonly [Point, Point, Point, Point, Point];

export function boxSize([x1, y1, x2, y2]: Box): { width: number; height: number } {
  return { width: x2 - x1, height: y2 - y1 };
}

export function boxCentre([x1, y1, x2, y2]: Box): Point {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/** Intersection over union, 0..1, of the areas as they are; `wideOverlap` adds a pixel to each side. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

export function moveBox([x1, y1, x2, y2]: Box, [dx, dy]: Point): Box {
  return [x1 + dx, y1 + dy, x2 + dx, y2 + dy];
}

/** A box between two: `part` 0 gives `from`, `part` 1 gives `to`. */
export function mixBoxes(from: Box, to: Box, part: number): Box {
  const mix = (i: 0 | 1 | 2 | 3) => from[i] + (to[i] - from[i]) * part;
  return [mix(0), mix(1), mix(2), mix(3)];
}

export function mixPoints(from: Point, to: Point, part: number): Point {
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}

export function mixLandmarks(from: Landmarks, to: Landmarks, part: number): Landmarks {
  const mix = (i: 0 | 1 | 2 | 3 | 4) => mixPoints(from[i], to[i], part);
  return [mix(0), mix(1), mix(2), mix(3), mix(4)];
}

/** Rounds to the nearest whole number and halves to the even one, as the reference's numeric library does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
