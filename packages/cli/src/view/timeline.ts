/** A cell filled by one to eight eighths. */
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const GAP = '·';

/** One clip on the timeline of a face. */
export interface TimelineClip {
  readonly seconds: readonly [number, number];
  /** 0..1; null when the clip could not be scored. */
  readonly score: number | null;
}

/**
 * Draws a timeline of `width` cells from 0 to `durationSeconds`. A cell shows the highest score of the clips in its
 * time, or a dot when there is none.
 */
export function drawTimeline(clips: readonly TimelineClip[], durationSeconds: number, width: number): string {
  const cells = Array.from({ length: width }, () => -1);
  const perCell = Math.max(durationSeconds, 1e-9) / width;
  for (const { seconds, score } of clips) {
    if (score === null) continue;
    const first = Math.min(width - 1, Math.max(0, Math.floor(seconds[0] / perCell)));
    const last = Math.min(width - 1, Math.max(first, Math.ceil(seconds[1] / perCell) - 1));
    for (let cell = first; cell <= last; cell += 1) cells[cell] = Math.max(cells[cell] ?? -1, score);
  }
  return cells.map((score) => (score < 0 ? GAP : (LEVELS[Math.min(7, Math.floor(score * 8))] ?? GAP))).join('');
}
