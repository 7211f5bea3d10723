import type { ViewedResult } from './viewed-job.js';

/** Where the common time axis ends: the last second in which a face was looked at. */
export function axisEnd({ faces }: Pick<ViewedResult, 'faces'>): number {
  const ends = faces.flatMap(({ boxes, clips }) => [boxes.at(-1)?.seconds ?? 0, clips.at(-1)?.seconds[1] ?? 0]);
  return ends.reduce((last, end) => Math.max(last, end), 0.04);
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Round steps of time, four to seven on the axis. */
export function axisTicks(end: number): number[] {
  const step = STEPS.find((candidate) => end / candidate <= 6) ?? 7200;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** Cuts that are drawn: with more the lines would hide the bars. */
const CUTS_DRAWN_MAX = 200;

/** The cuts on the axis, thinned evenly when there are too many to be drawn. */
export function axisCuts({ cuts = [] }: Pick<ViewedResult, 'cuts'>, end: number): number[] {
  const inside = cuts.filter((seconds) => seconds > 0 && seconds < end);
  const every = Math.ceil(inside.length / CUTS_DRAWN_MAX);
  return inside.filter((_, index) => index % every === 0);
}
