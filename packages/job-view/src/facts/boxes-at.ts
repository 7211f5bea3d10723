import type { ViewedFace } from './viewed-job.js';

type Box = ViewedFace['boxes'][number]['box'];

/** A face is shown for so long before and after the times at which it is known where it was. */
const REACH_SECONDS = 0.25;

/** Where each face is at a time of the video: between two known places on the straight line from one to the other. */
export function boxesAt(
  faces: readonly Pick<ViewedFace, 'track' | 'boxes'>[],
  seconds: number,
): { readonly track: number; readonly box: Box }[] {
  return faces.flatMap(({ track, boxes }) => {
    const box = boxAt(boxes, seconds);
    return box === null ? [] : [{ track, box }];
  });
}

function boxAt(boxes: ViewedFace['boxes'], seconds: number): Box | null {
  const at = firstAfter(boxes, seconds);
  const [before, after] = [boxes[at - 1], boxes[at]];
  if (before && after) {
    const share = (seconds - before.seconds) / (after.seconds - before.seconds);
    return before.box.map((side, n) => side + ((after.box[n] ?? side) - side) * share) as Box;
  }
  const end = before ?? after;
  return end && Math.abs(end.seconds - seconds) <= REACH_SECONDS ? end.box : null;
}

/** The place of the first one later than `seconds`, by halves. */
function firstAfter(boxes: ViewedFace['boxes'], seconds: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((boxes[middle]?.seconds ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
