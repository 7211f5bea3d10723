import type { ViewedFace } from './viewed-job.js';

/** A face whose box moves by less of its width than this, in all its time, does not move by itself. */
const STILL_SHARE = 0.012;
/** A detector is not surer than this of an edge, whatever the size of the face; in pixels. */
const STILL_PIXELS = 0.5;
/** In less time people may hold still. */
const STILL_SECONDS = 1;
const BOXES_MIN = 8;

/**
 * Whether a face never moves: a photograph that is filmed or shown, a frozen picture. By the boxes alone, so that it holds
 * for every model; heads of living people move by more within a second.
 */
export function isStill({ boxes }: Pick<ViewedFace, 'boxes'>): boolean {
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last || boxes.length < BOXES_MIN || last.seconds - first.seconds < STILL_SECONDS) return false;
  const limit = Math.max(STILL_PIXELS, STILL_SHARE * (first.box[2] - first.box[0]));
  return [0, 1, 2, 3].every((edge) => {
    const values = boxes.map(({ box }) => box[edge] ?? 0);
    return Math.max(...values) - Math.min(...values) <= 2 * limit;
  });
}
