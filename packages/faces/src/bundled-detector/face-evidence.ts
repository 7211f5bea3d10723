import type { Detection } from '../detection/face-detector.js';
import { type Box, boxCentre, boxSize, type Landmarks, type Point } from '../geometry/geometry.js';
import type { MeshFace } from './face-mesh.js';
import type { Sighting } from './face-search.js';
import type { Square } from './sample-square.js';

/** What the search and the mesh say of one place. */
export interface Evidence {
  readonly sighting: Sighting;
  readonly mesh: MeshFace;
  /**
   * Pixels of the frame to one pixel of the fine picture, at least 1. Large frames are often enlarged or not sharp, so
   * a pixel of theirs may show nothing of its own.
   */
  readonly pixel: number;
}

/**
 * How the mesh's answer counts. The mesh tells a face from what only looks like one, but it overlooks many small faces
 * (see README "The mesh"). So its answer, as a logit held within `MESH_LOGIT_BOUNDS`, is added to the search's with a
 * weight that grows with the height of the box, up to `MESH_MAX_WEIGHT`:
 * - a yes counts from the smallest box on, by one more with every `MESH_STEP` pixels of the frame;
 * - a no counts only above `MESH_STEP` pixels of the fine picture, by one more with every further step. Pixels of the
 *   fine picture count here because enlarging a soft video makes its faces larger, but not easier to recognise.
 */
const MESH_STEP = 32;
const MESH_MAX_WEIGHT = 2;
const MESH_LOGIT_BOUNDS = [-3, 3] as const;

/**
 * Below this presence the mesh's points may lie anywhere, so the search's own points are taken: rougher, but on the
 * face.
 */
const MIN_MESH_PRESENCE = 0.5;
/**
 * How far a mesh reaches from the centre of the search's box, in sides of it: left, top, right, bottom (README "The
 * mesh").
 */
const MESH_IN_BOX = [-0.44, -0.53, 0.43, 0.51] as const;
/** Half the width of a mouth, as a share of the distance between the eyes (README "The mesh"). */
const HALF_MOUTH = 0.38;
/**
 * Side of the square that the mesh looks at, in sides of the search's box: it overlooks the fewest faces so (README
 * "The mesh").
 */
const SQUARE_PER_BOX = 1.7;

/** How likely this is a face, 0..1: the search's score, raised or lowered by what the mesh says. */
export function scoreOf({ sighting, mesh, pixel }: Evidence): number {
  const steps = boxSize(sighting.box).height / MESH_STEP;
  const [lowest, highest] = MESH_LOGIT_BOUNDS;
  const said = Math.min(Math.max(logit(mesh.presence), lowest), highest);
  const weight = Math.min(said > 0 ? steps : Math.max(steps / pixel - 1, 0), MESH_MAX_WEIGHT);
  return 1 / (1 + Math.exp(-logit(sighting.score) - weight * said));
}

export function detectionOf(evidence: Evidence): Detection {
  const { sighting, mesh } = evidence;
  const score = scoreOf(evidence);
  if (mesh.presence >= MIN_MESH_PRESENCE) return { box: mesh.box, score, landmarks: mesh.landmarks };
  return { box: meshBox(sighting.box), score, landmarks: roughLandmarks(sighting) };
}

/** The square in which the mesh looks at a sighting, its upper edge parallel to the line of the eyes. */
export function squareOf({ box, points }: Sighting): Square {
  const { width, height } = boxSize(box);
  const [centreX, centreY] = boxCentre(box);
  const [left, right] = [pointOf(points, 0), pointOf(points, 1)];
  const angle = Math.atan2(right[1] - left[1], right[0] - left[0]);
  return { centreX, centreY, side: Math.max(width, height) * SQUARE_PER_BOX, angle };
}

function meshBox(box: Box): Box {
  const { width, height } = boxSize(box);
  const [x, y] = boxCentre(box);
  const [left, top, right, bottom] = MESH_IN_BOX;
  return [x + left * width, y + top * height, x + right * width, y + bottom * height];
}

/**
 * The search's points. It gives only the centre of the mouth: the corners are set beside it, along the line of the
 * eyes.
 */
function roughLandmarks({ points }: Sighting): Landmarks {
  const [left, right, nose, mouth] = [0, 1, 2, 3].map((i) => pointOf(points, i)) as [Point, Point, Point, Point];
  const dx = (right[0] - left[0]) * HALF_MOUTH;
  const dy = (right[1] - left[1]) * HALF_MOUTH;
  return [left, right, nose, [mouth[0] - dx, mouth[1] - dy], [mouth[0] + dx, mouth[1] + dy]];
}

function pointOf(points: readonly number[], i: number): Point {
  return [points[2 * i] ?? 0, points[2 * i + 1] ?? 0];
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
