import type { Detection } from '../detection/face-detector.js';
import { type Box, boxCentre, boxSize, type Landmarks, type Point } from '../geometry/geometry.js';
import type { MeshFace } from './face-mesh.js';
import type { Sighting } from './face-search.js';
import type { Square } from './sample-square.js';

/** What the search and the mesh say of one place. */
export interface Evidence {
  readonly sighting: Sighting;
  readonly mesh: MeshFace;
  /** Pixels of the frame to one that surely shows something: large frames are often enlarged, or not sharp. */
  readonly pixel: number;
}

/**
 * The mesh tells a face from what looks like one, but where pixels are few it often overlooks one. Its logit, held between
 * the bounds, counts with a weight that grows with the height of the box up to the limit: as a yes by one with each step of
 * pixels, as a no only from the step on, counted in pixels of a fine picture: of soft footage in large frames it overlooks as
 * many as of the same footage in small ones. (Heights at which true faces of real footage failed it: see the README.)
 */
const MESH_STEP = 32;
const MESH_MAX_WEIGHT = 2;
const MESH_LOGIT_BOUNDS = [-3, 3] as const;

/** Where the mesh is less sure than this, the search's own points are taken: rougher, but not somewhere else. */
const MIN_MESH_PRESENCE = 0.5;
/** What a mesh covers, in sides of the search's box from its centre: left, top, right, bottom. Measured on 60 clear faces. */
const MESH_IN_BOX = [-0.44, -0.53, 0.43, 0.51] as const;
/** Half a mouth's width in distances of the eyes, measured likewise. */
const HALF_MOUTH = 0.38;
/** Side of the square that the mesh looks at in sides of the search's box: of 1.3 to 2.2, where it overlooked fewest faces. */
const SQUARE_PER_BOX = 1.7;

/** How likely this is a face, 0..1: the search's score, moved by what the mesh sees. */
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

/** Where the mesh should look at a sighting: upright with its eyes. */
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

/** The search's points, with mouth corners set off its mouth centre along the line of the eyes. */
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
