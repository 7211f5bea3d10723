import type { InferenceSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import type { Box, Landmarks, Point } from '../geometry/geometry.js';
import { type Square, sampleSquare } from './sample-square.js';

/** Side of the picture that the network takes. */
const SIZE = 192;
const POINTS = 468;
/** Side of the square for the next look, in sides of the mesh: some room around the face for its movement. */
const SQUARE_PER_MESH = 1.6;

/** Numbers of mesh points: outer and inner corner of each eye (viewer-left first), nose tip, mouth corners. */
const EYES = [
  [33, 133],
  [362, 263],
] as const;
const NOSE = 1;
const MOUTH = [61, 291] as const;

/** What the network sees in one square. */
export interface MeshFace {
  /** How sure it is that a face fills the square, 0..1. */
  readonly presence: number;
  readonly landmarks: Landmarks;
  /** Bounds of the mesh: forehead to chin, ear to ear. */
  readonly box: Box;
  /** The square for the next look at this face: around the mesh, and upright with the face. */
  readonly square: Square;
}

/**
 * MediaPipe's face mesh, as written by the models package: input `faces` uint8 [N, 192, 192, 3], outputs `points` [N,
 * 468, 3] in pixels of the square and `presence` [N], a logit. It fits heads up to the profile, where it guesses the
 * hidden side, and tells faces from other things that a detector takes for one.
 */
export class FaceMesh {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @returns one answer for each square; presence is 0 where the network gave a number that is not finite. */
  async look(frame: Frame, squares: readonly Square[]): Promise<MeshFace[]> {
    if (squares.length === 0) return [];
    const bytes = SIZE * SIZE * 3;
    const data = new Uint8Array(squares.length * bytes);
    for (const [i, square] of squares.entries())
      sampleSquare(frame, square, SIZE, data.subarray(i * bytes, (i + 1) * bytes));
    const { points, presence } = await this.#session.run({
      faces: { type: 'uint8', dims: [squares.length, SIZE, SIZE, 3], data },
    });
    const meshes = points?.data as Float32Array;
    const logits = presence?.data as Float32Array;
    return squares.map((square, i) =>
      faceOf(meshes.subarray(i * POINTS * 3, (i + 1) * POINTS * 3), logits[i] ?? Number.NaN, square),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function faceOf(mesh: Float32Array, presence: number, square: Square): MeshFace {
  const at = (i: number) => toFrame(mesh[3 * i] as number, mesh[3 * i + 1] as number, square);
  const middle = ([a, b]: readonly [number, number]): Point => {
    const [[x1, y1], [x2, y2]] = [at(a), at(b)];
    return [(x1 + x2) / 2, (y1 + y2) / 2];
  };
  const landmarks: Landmarks = [middle(EYES[0]), middle(EYES[1]), at(NOSE), at(MOUTH[0]), at(MOUTH[1])];
  const box = boundsOf(mesh, square);
  const isSound = [...box, ...landmarks.flat(), presence].every(Number.isFinite);
  const probability = 1 / (1 + Math.exp(-presence));
  return { presence: isSound ? probability : 0, landmarks, box, square: squareAround(mesh, square) };
}

/**
 * Bounds of all points, in pixels of the frame. It builds no list of points, which would be garbage after every look.
 */
function boundsOf(mesh: Float32Array, { centreX, centreY, side, angle }: Square): Box {
  const [cos, sin] = [Math.cos(angle) * side, Math.sin(angle) * side];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < POINTS; i++) {
    const dx = (mesh[3 * i] as number) / SIZE - 0.5;
    const dy = (mesh[3 * i + 1] as number) / SIZE - 0.5;
    const x = centreX + dx * cos - dy * sin;
    const y = centreY + dx * sin + dy * cos;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return [left, top, right, bottom];
}

/** The square around the mesh, turned with the line from the outer corner of one eye to that of the other. */
function squareAround(mesh: Float32Array, square: Square): Square {
  const [outerLeft, outerRight] = [EYES[0][0], EYES[1][1]];
  const roll = Math.atan2(
    (mesh[3 * outerRight + 1] as number) - (mesh[3 * outerLeft + 1] as number),
    (mesh[3 * outerRight] as number) - (mesh[3 * outerLeft] as number),
  );
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < POINTS; i++) {
    const [x, y] = [mesh[3 * i] as number, mesh[3 * i + 1] as number];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const [centreX, centreY] = toFrame((left + right) / 2, (top + bottom) / 2, square);
  const side = (Math.max(right - left, bottom - top) / SIZE) * square.side * SQUARE_PER_MESH;
  return { centreX, centreY, side, angle: square.angle + roll };
}

/** From pixels of the square's picture to pixels of the frame. */
function toFrame(x: number, y: number, { centreX, centreY, side, angle }: Square): Point {
  const dx = (x / SIZE - 0.5) * side;
  const dy = (y / SIZE - 0.5) * side;
  return [centreX + dx * Math.cos(angle) - dy * Math.sin(angle), centreY + dx * Math.sin(angle) + dy * Math.cos(angle)];
}
