import { type Box, boxCentre, boxSize, iou, moveBox } from '../geometry/geometry.js';
import { type Evidence, squareOf } from './face-evidence.js';
import type { Sighting } from './face-search.js';
import type { Square } from './sample-square.js';

/** A mesh surer than the one sees a face, one less sure than the other needs another look. */
const CLEAR_PRESENCE = 0.9;
const DOUBTFUL_PRESENCE = 0.5;
/** Weakest sighting that is looked at in every frame, and that gets a second look. */
const MIN_HASTY_SCORE = 0.4;
const MIN_DOUBTFUL_SCORE = 0.3;
/** A sighting overlapping a face of the frame before as much as this is looked at where that face was, upright with it. */
const KNOWN_OVERLAP = 0.5;
/**
 * A face that leans more than this in its square, in radians, is looked at again, the square turned by so much of its lean:
 * the mesh sees a face that leans by 25 degrees lean by 18, and is off by a tenth of it.
 */
const MIN_LEAN = 0.12;
const TURN_PER_LEAN = 1.5;
/**
 * A face that lies on its side is found with its eyes too level: where the mesh is unsure of a large one, it looks again,
 * turned by these radians, and must be sure.
 */
const TURNS = [-0.9, 0.9];
const MIN_TURNED_HEIGHT = 32;
const MIN_TURNED_PRESENCE = 0.8;
/** What the score of a face becomes with each frame in which the mesh alone still sees it, as surely as this. */
const FADING = 0.75;
const MIN_FOLLOWED_PRESENCE = 0.8;

/** A square for the mesh to look at, what was sighted there, and how sure it must be for the look to count. */
export interface Look {
  readonly sighting: Sighting;
  readonly square: Square;
  readonly minPresence: number;
}

/** What came of a look. */
export interface Judged extends Evidence {
  /** How far the face turned out to lean in the square, in radians. */
  readonly lean: number;
}

/** Between fine searches only clear sightings and those near a known face are looked at: the others can wait for one. */
export function isWorthALook({ score, box }: Sighting, before: readonly Evidence[]): boolean {
  return score >= MIN_HASTY_SCORE || before.some(({ sighting }) => isNear(box, sighting.box));
}

export function lookAt(sighting: Sighting, before: readonly Evidence[]): Look {
  const known = before.find(
    ({ mesh }) => mesh.presence >= DOUBTFUL_PRESENCE && iou(sighting.box, mesh.box) > KNOWN_OVERLAP,
  );
  return { sighting, square: known?.mesh.square ?? squareOf(sighting), minPresence: 0 };
}

/** Every face of the frame before where it was, if the mesh clearly saw all of them; else none. */
export function followSurely(before: readonly Evidence[]): Look[] {
  if (before.some(({ mesh }) => mesh.presence < CLEAR_PRESENCE)) return [];
  return before.map(({ sighting, mesh }) => ({ sighting, square: mesh.square, minPresence: CLEAR_PRESENCE }));
}

/** A followed face's sighting goes where the mesh has gone. */
export function moveAlong(one: Judged, before: Evidence): Judged {
  const [[x, y], [lastX, lastY]] = [boxCentre(one.mesh.box), boxCentre(before.mesh.box)];
  const points = one.sighting.points.map((value, i) => value + (i % 2 === 0 ? x - lastX : y - lastY));
  return { ...one, sighting: { ...one.sighting, box: moveBox(one.sighting.box, [x - lastX, y - lastY]), points } };
}

/** Faces of the frame before that no sighting stands for: the mesh may still see them where they were. */
export function followBlindly(sightings: readonly Sighting[], before: readonly Evidence[]): Look[] {
  return before.flatMap(({ sighting, mesh }): Look[] => {
    if (mesh.presence < MIN_FOLLOWED_PRESENCE || sightings.some(({ box }) => isNear(box, mesh.box))) return [];
    const faded = { ...sighting, score: sighting.score * FADING, box: mesh.box, isClose: true };
    return [{ sighting: faded, square: mesh.square, minPresence: MIN_FOLLOWED_PRESENCE }];
  });
}

/** Whether the search should confirm it: the mesh does not clearly see a face, and it was not searched at its own size. */
export function needsConfirming({ sighting, mesh }: Evidence): boolean {
  return !sighting.isClose && mesh.presence < CLEAR_PRESENCE && sighting.score >= MIN_DOUBTFUL_SCORE;
}

/** More looks at a face that leans in its square, now upright with it, and, when thorough, turned ones where none is seen. */
export function lookAgain({ sighting, mesh, lean }: Judged, isThorough: boolean): Look[] {
  if (mesh.presence >= DOUBTFUL_PRESENCE) {
    if (Math.abs(lean) < MIN_LEAN) return [];
    const angle = mesh.square.angle + (TURN_PER_LEAN - 1) * lean;
    return [{ sighting, square: { ...mesh.square, angle }, minPresence: DOUBTFUL_PRESENCE }];
  }
  const isUseless = sighting.score < MIN_DOUBTFUL_SCORE || boxSize(sighting.box).height < MIN_TURNED_HEIGHT;
  if (!isThorough || isUseless) return [];
  const square = squareOf(sighting);
  return TURNS.map((turn) => ({
    sighting,
    square: { ...square, angle: square.angle + turn },
    minPresence: MIN_TURNED_PRESENCE,
  }));
}

/** Of a first look and further ones at the same sighting: the surest, and of a leaning face the upright one. */
export function bestOf(first: Judged, again: readonly Judged[]): Judged {
  const [best] = again
    .filter(({ sighting }) => sighting === first.sighting)
    .sort((a, b) => b.mesh.presence - a.mesh.presence);
  if (best === undefined) return first;
  return first.mesh.presence >= DOUBTFUL_PRESENCE || best.mesh.presence > first.mesh.presence ? best : first;
}

function isNear(box: Box, other: Box): boolean {
  const [[x, y], [u, v]] = [boxCentre(box), boxCentre(other)];
  return Math.hypot(x - u, y - v) < boxSize(other).height / 2;
}
