import { type Box, boxCentre, boxSize, iou, moveBox } from '../geometry/geometry.js';
import { type Evidence, squareOf } from './face-evidence.js';
import type { Sighting } from './face-search.js';
import type { Square } from './sample-square.js';

/**
 * The mesh network answers each square with its presence, 0..1: how sure it is that the square shows a face. From
 * `CLEAR_PRESENCE` on it clearly sees one. Below `DOUBTFUL_PRESENCE` it does not see one, and other looks may help it.
 */
const CLEAR_PRESENCE = 0.9;
const DOUBTFUL_PRESENCE = 0.5;
/** In a frame without a fine search, a sighting with less than this score is left for the next fine search. */
const MIN_SCORE_BETWEEN_FINE_SEARCHES = 0.4;
/** A sighting with less than this score is not worth the time of a close search or of turned looks. */
const MIN_SCORE_FOR_SECOND_TRY = 0.3;
/** A sighting that overlaps a face of the frame before by more than this (intersection over union) is that face. */
const KNOWN_OVERLAP = 0.5;
/**
 * The mesh places its points best on an upright face. So a face that leans by more than `MIN_LEAN` radians against its
 * square is looked at again in a square turned upright with it. The mesh reports less lean than there is, so the square
 * turns by more than what was reported. (Measured leans: see README "The mesh".)
 */
const MIN_LEAN = 0.12;
const TURN_PER_LEAN = 1.5;
/**
 * The search reports the eyes of a face that lies on its side too level, so the first square is not upright with it and
 * the mesh may see nothing. A large face then gets two more looks, turned by these radians to either side. Turned looks
 * are guesses, so the mesh must be surer than usual there.
 */
const SIDEWAYS_TURNS = [-0.9, 0.9];
const MIN_SIDEWAYS_HEIGHT = 32;
const MIN_SIDEWAYS_PRESENCE = 0.8;
/**
 * A face that the search has lost, and the mesh alone still sees, keeps this share of its search score with each frame:
 * the mesh must not follow something for ever that no search confirms.
 */
const SCORE_KEPT_WITHOUT_SIGHTING = 0.75;
const MIN_PRESENCE_WITHOUT_SIGHTING = 0.8;

/** A square for the mesh to look at, and the sighting that it belongs to. */
export interface Look {
  readonly sighting: Sighting;
  readonly square: Square;
  /** The look is dropped when the mesh is less sure than this. */
  readonly minPresence: number;
}

/** What the mesh answered to a look. */
export interface LookResult extends Evidence {
  /** By how much the face leans against the square of the look, in radians, as far as the mesh reports it. */
  readonly lean: number;
}

/** Whether a frame without a fine search looks at this sighting: when it is clear, or near a known face. */
export function isClearOrKnown({ score, box }: Sighting, before: readonly Evidence[]): boolean {
  return score >= MIN_SCORE_BETWEEN_FINE_SEARCHES || before.some(({ sighting }) => isNear(box, sighting.box));
}

/** What the mesh has said of a sighting in the same frame, if it clearly saw a face there; else nothing. */
export function alreadySeen(sighting: Sighting, before: readonly Evidence[]): LookResult[] {
  const known = before.find(
    ({ mesh }) => mesh.presence >= CLEAR_PRESENCE && iou(sighting.box, mesh.box) > KNOWN_OVERLAP,
  );
  return known ? [{ sighting, mesh: known.mesh, pixel: known.pixel, lean: 0 }] : [];
}

/** The first look at a sighting: where the mesh saw this face in the frame before, else where the search saw it. */
export function firstLook(sighting: Sighting, before: readonly Evidence[]): Look {
  const known = before.find(
    ({ mesh }) => mesh.presence >= DOUBTFUL_PRESENCE && iou(sighting.box, mesh.box) > KNOWN_OVERLAP,
  );
  return { sighting, square: known?.mesh.square ?? squareOf(sighting), minPresence: 0 };
}

/**
 * Looks for a frame that is not searched: one at each face of the frame before. Empty when the mesh did not clearly see
 * all of them, since a frame may go without a search only when none is in doubt.
 */
export function looksWithoutSearch(before: readonly Evidence[]): Look[] {
  if (before.some(({ mesh }) => mesh.presence < CLEAR_PRESENCE)) return [];
  return before.map(({ sighting, mesh }) => ({ sighting, square: mesh.square, minPresence: CLEAR_PRESENCE }));
}

/**
 * Moves a sighting as far as the mesh moved since the frame before: without a search nothing else tells where it is.
 */
export function moveSightingWithMesh(result: LookResult, before: Evidence): LookResult {
  const [[x, y], [lastX, lastY]] = [boxCentre(result.mesh.box), boxCentre(before.mesh.box)];
  const [dx, dy] = [x - lastX, y - lastY];
  const { sighting } = result;
  const points = sighting.points.map((value, i) => value + (i % 2 === 0 ? dx : dy));
  return { ...result, sighting: { ...sighting, box: moveBox(sighting.box, [dx, dy]), points } };
}

/** Looks at the faces of the frame before that the search has not found again: the mesh may still see them. */
export function looksAtLostFaces(sightings: readonly Sighting[], before: readonly Evidence[]): Look[] {
  return before.flatMap(({ sighting, mesh }): Look[] => {
    const isFoundAgain = sightings.some(({ box }) => isNear(box, mesh.box));
    if (mesh.presence < MIN_PRESENCE_WITHOUT_SIGHTING || isFoundAgain) return [];
    const score = sighting.score * SCORE_KEPT_WITHOUT_SIGHTING;
    const assumed = { ...sighting, score, box: mesh.box, isClose: true };
    return [{ sighting: assumed, square: mesh.square, minPresence: MIN_PRESENCE_WITHOUT_SIGHTING }];
  });
}

/**
 * Whether a close search should decide about this sighting: the mesh does not clearly see a face, and none was made
 * yet.
 */
export function needsCloseSearch({ sighting, mesh }: Evidence): boolean {
  return !sighting.isClose && mesh.presence < CLEAR_PRESENCE && sighting.score >= MIN_SCORE_FOR_SECOND_TRY;
}

/**
 * Further looks at the same sighting: an upright one at a face that leans, turned ones where the mesh sees no face.
 * @param mayTurn whether turned looks are tried: they cost time, so not in every frame.
 */
export function furtherLooks({ sighting, mesh, lean }: LookResult, mayTurn: boolean): Look[] {
  if (mesh.presence >= DOUBTFUL_PRESENCE) {
    if (Math.abs(lean) < MIN_LEAN) return [];
    const angle = mesh.square.angle + (TURN_PER_LEAN - 1) * lean;
    return [{ sighting, square: { ...mesh.square, angle }, minPresence: DOUBTFUL_PRESENCE }];
  }
  const isHopeless = sighting.score < MIN_SCORE_FOR_SECOND_TRY || boxSize(sighting.box).height < MIN_SIDEWAYS_HEIGHT;
  if (!mayTurn || isHopeless) return [];
  const square = squareOf(sighting);
  return SIDEWAYS_TURNS.map((turn) => ({
    sighting,
    square: { ...square, angle: square.angle + turn },
    minPresence: MIN_SIDEWAYS_PRESENCE,
  }));
}

/**
 * Chooses between the first look at a sighting and further ones. Where the first saw a face, a further look is the
 * upright one and has the better points, so it counts even when the mesh is less sure of it. Else the surest look
 * counts.
 */
export function preferredResult(first: LookResult, further: readonly LookResult[]): LookResult {
  const [surest] = further
    .filter(({ sighting }) => sighting === first.sighting)
    .sort((a, b) => b.mesh.presence - a.mesh.presence);
  if (surest === undefined) return first;
  return first.mesh.presence >= DOUBTFUL_PRESENCE || surest.mesh.presence > first.mesh.presence ? surest : first;
}

function isNear(box: Box, other: Box): boolean {
  const [[x, y], [u, v]] = [boxCentre(box), boxCentre(other)];
  return Math.hypot(x - u, y - v) < boxSize(other).height / 2;
}
