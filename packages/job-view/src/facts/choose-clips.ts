import type { ViewedClip, ViewedFace } from './viewed-job.js';

export interface ChosenClip {
  readonly track: number;
  readonly clip: ViewedClip;
}

/** At most `count` items of the list, evenly spread, first and last among them. */
function pickEvenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  if (count <= 1) return items.slice(0, count);
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

/**
 * Which clips a report shows as pictures: each face's highest-scoring clip before all others, since that is the one to
 * look at; then as many more as `count` leaves, evenly over all faces and times. In order of face and time.
 */
export function chooseClips(faces: readonly ViewedFace[], count: number): ChosenClip[] {
  const all = faces.flatMap(({ track, clips }) => clips.map((clip) => ({ track, clip })));
  const tops = faces.flatMap(({ track, clips }) => {
    const top = clips.reduce<ViewedClip | null>(
      (best, clip) => ((clip.score ?? -1) > (best?.score ?? -1) ? clip : best),
      null,
    );
    return top ? [{ track, clip: top }] : [];
  });
  const first = pickEvenly(tops, count);
  const isFirst = new Set(first.map(({ clip }) => clip));
  const rest = pickEvenly(
    all.filter(({ clip }) => !isFirst.has(clip)),
    Math.max(0, count - first.length),
  );
  const chosen = new Set([...first, ...rest].map(({ clip }) => clip));
  return all.filter(({ clip }) => chosen.has(clip));
}
