import type { Box } from '@styleflow/contracts';

/** To a hundredth of a pixel: boxes are for drawing, and a long video has many. */
export function roundBox([x1, y1, x2, y2]: readonly [number, number, number, number]): Box {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return [round(x1), round(y1), round(x2), round(y2)];
}
