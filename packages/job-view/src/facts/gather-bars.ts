import type { ViewedClip, ViewedFace } from './viewed-job.js';

/** More bars than this cannot be told apart on one axis. */
const BARS_MAX = 600;
/** All bars of a page: more make it slow to draw and to scroll. */
const BARS_OF_PAGE_MAX = 3000;

/** One bar of a timeline: a clip, or several that follow each other. */
export interface Bar {
  readonly start: number;
  readonly end: number;
  /** The highest of its clips; null when none was scored. */
  readonly score: number | null;
  readonly first: ViewedClip;
  readonly last: ViewedClip;
  /** The clip with that score, to which the bar leads. */
  readonly top: ViewedClip;
}

/** How many bars a face may have when so many faces share the page. */
export function barsOfFace(faces: number): number {
  return Math.min(BARS_MAX, Math.max(50, Math.floor(BARS_OF_PAGE_MAX / Math.max(1, faces))));
}

/** A bar a clip; beyond `most`, neighbours share a bar that shows their highest score, so that no peak is lost. */
export function gatherBars({ clips }: Pick<ViewedFace, 'clips'>, most: number): Bar[] {
  const perBar = Math.ceil(clips.length / most);
  const bars: Bar[] = [];
  for (let from = 0; from < clips.length; from += perBar) {
    const group = clips.slice(from, from + perBar);
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) break;
    const top = group.reduce((best, clip) => ((clip.score ?? -1) > (best.score ?? -1) ? clip : best), first);
    bars.push({ start: first.seconds[0], end: last.seconds[1], score: top.score, first, last, top });
  }
  return bars;
}
