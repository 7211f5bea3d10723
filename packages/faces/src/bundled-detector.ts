import type { Frame } from '@styleflow/media';
import type { Detection, FaceDetector } from './face-detector.js';
import { detectionOf, type Evidence, scoreOf, squareOf } from './face-evidence.js';
import type { FaceMesh } from './face-mesh.js';
import { FaceSearch } from './face-search.js';
import type { FullRange } from './full-range.js';
import { boxCentre, boxSize, iou } from './geometry.js';
import { type Candidate, suppressOverlaps } from './nms.js';
import type { Square } from './sample-square.js';

/** Weakest face that is reported; what a track needs to begin is the tracker's business. */
const MIN_SCORE = 0.4;
/** Candidates of one frame that are looked at, best first: a look costs a tenth of a fine search. */
const MAX_LOOKS = 24;
/** Weakest candidate that is looked at in every frame. */
const MIN_HASTY_SCORE = 0.4;
/** Weakest candidate that gets a second look. */
const MIN_DOUBTFUL_SCORE = 0.3;
/** Faces overlapping more than this are one: two looks have slid onto it. */
const FACE_OVERLAP = 0.4;
/** A candidate overlapping a face of the frame before as much as this is looked at where that face was, upright with it. */
const KNOWN_OVERLAP = 0.5;
/**
 * Further rounds of looks. A face that leans more than this in its square, in radians, is looked at again, the square turned
 * by so much of its lean: the mesh sees a face that leans by 25 degrees lean by 18, and is off by a tenth of it.
 */
const MORE_LOOKS = 3;
const MIN_LEAN = 0.12;
const TURN_PER_LEAN = 1.5;
/** A mesh surer than the one sees a face, one less sure than the other needs another look. */
const CLEAR_PRESENCE = 0.9;
const DOUBTFUL_PRESENCE = 0.5;
/** Below this height of the box an unsure mesh looks again at a square this much larger: it is easily put off there. */
const SMALL_HEIGHT = 48;
const WIDER = 1.3;
/**
 * A face that lies on its side is found with its eyes too level: where the mesh is unsure of a large one, it looks again,
 * turned by these radians, and must be sure.
 */
const TURNS = [-0.9, 0.9];
const MIN_TURNED_PRESENCE = 0.8;
/** What the score of a face becomes with each frame in which the mesh alone still sees it, as surely as this. */
const FADING = 0.75;
const MIN_FOLLOWED_PRESENCE = 0.8;

interface Look {
  readonly candidate: Candidate;
  readonly square: Square;
  readonly minPresence: number;
}

interface Judged extends Evidence {
  /** How far the face turned out to lean in the square, in radians. */
  readonly lean: number;
}

/**
 * The bundled detector: a search on a coarse picture of each frame and now and then on a fine one, and the face mesh for
 * the alignment points and as judge. Faces of the frame before that the coarse search misses are searched where they were,
 * and when that fails too (turned far away) the mesh alone follows them for a while.
 * It remembers one frame: give it consecutive frames in their order; after a leap it begins anew.
 */
export class BundledDetector implements FaceDetector {
  readonly #search: FaceSearch;
  readonly #mesh: FaceMesh;
  #last: Pick<Frame, 'index' | 'window' | 'width' | 'height'> | null = null;
  #seen: readonly Evidence[] = [];

  constructor(fullRange: FullRange, mesh: FaceMesh) {
    this.#search = new FaceSearch(fullRange);
    this.#mesh = mesh;
  }

  async detect(frame: Frame): Promise<readonly Detection[]> {
    if (!this.#follows(frame)) {
      this.#search.reset();
      this.#seen = [];
    }
    const before = this.#seen;
    const { candidates, isFine } = await this.#search.find(
      frame,
      before.map(({ candidate, mesh }) => ({ box: candidate.box, isClear: mesh.presence >= CLEAR_PRESENCE })),
    );
    const best = candidates.filter((one) => isFine || isWorthALook(one, before)).slice(0, MAX_LOOKS);
    const looks = [...best.map((one) => lookAt(one, before)), ...lost(best, before)];
    let found = await this.#judge(frame, looks);
    for (let i = 0; i < MORE_LOOKS; i++) {
      const again = await this.#judge(
        frame,
        found.flatMap((one) => lookAgain(one, isFine && i === 0)),
      );
      found = found.map((one) => bestOf(one, again));
    }
    const faces = found.filter((one) => scoreOf(one) >= MIN_SCORE);
    const seen = suppressOverlaps(faces, (one) => detectionOf(one).box, scoreOf, FACE_OVERLAP);
    this.#search.tellLost(seen.length < before.length);
    this.#seen = seen;
    const { index, window, width, height } = frame;
    this.#last = { index, window, width, height };
    return seen.map(detectionOf);
  }

  async release(): Promise<void> {
    await this.#search.release();
    await this.#mesh.release();
  }

  /** What the mesh sees at each look, where it is sure enough. */
  async #judge(frame: Frame, looks: readonly Look[]): Promise<Judged[]> {
    const squares = looks.map(({ square }) => square);
    const meshes = await this.#mesh.look(frame, squares);
    return looks.flatMap(({ candidate, minPresence, square }, i) => {
      const mesh = meshes[i];
      return mesh && mesh.presence >= minPresence ? [{ candidate, mesh, lean: mesh.square.angle - square.angle }] : [];
    });
  }

  #follows({ index, window, width, height }: Frame): boolean {
    const last = this.#last;
    return (
      last !== null &&
      last.index + 1 === index &&
      last.window === window &&
      last.width === width &&
      last.height === height
    );
  }
}

/** Between fine searches only clear candidates and those near a known face are looked at: the others can wait for one. */
function isWorthALook({ score, box }: Candidate, before: readonly Evidence[]): boolean {
  return score >= MIN_HASTY_SCORE || before.some(({ candidate }) => isNear(box, candidate.box));
}

function lookAt(candidate: Candidate, before: readonly Evidence[]): Look {
  const known = before.find(
    ({ mesh }) => mesh.presence >= DOUBTFUL_PRESENCE && iou(candidate.box, mesh.box) > KNOWN_OVERLAP,
  );
  return { candidate, square: known?.mesh.square ?? squareOf(candidate), minPresence: 0 };
}

/**
 * More looks at a face that leans in its square, now upright with it, and where the mesh is not sure: at a small face in a
 * wider square, at a large one as the search sees it, and turned.
 */
function lookAgain({ candidate, mesh, lean }: Judged, isThorough: boolean): Look[] {
  if (mesh.presence >= DOUBTFUL_PRESENCE) {
    if (Math.abs(lean) < MIN_LEAN) return [];
    const angle = mesh.square.angle + (TURN_PER_LEAN - 1) * lean;
    return [{ candidate, square: { ...mesh.square, angle }, minPresence: DOUBTFUL_PRESENCE }];
  }
  if (candidate.score < MIN_DOUBTFUL_SCORE || !isThorough) return [];
  const square = squareOf(candidate);
  const { height } = boxSize(candidate.box);
  if (height < SMALL_HEIGHT) return [{ candidate, square: { ...square, side: square.side * WIDER }, minPresence: 0 }];
  return [
    { candidate, square, minPresence: 0 },
    ...TURNS.map((turn) => ({
      candidate,
      square: { ...square, angle: square.angle + turn },
      minPresence: MIN_TURNED_PRESENCE,
    })),
  ];
}

/** Of a first look and further ones at the same candidate: the surest, and of a leaning face the upright one. */
function bestOf(first: Judged, again: readonly Judged[]): Judged {
  const [best] = again
    .filter(({ candidate }) => candidate === first.candidate)
    .sort((a, b) => b.mesh.presence - a.mesh.presence);
  if (best === undefined) return first;
  return first.mesh.presence >= DOUBTFUL_PRESENCE || best.mesh.presence > first.mesh.presence ? best : first;
}

/** Faces of the frame before that no candidate stands for: the mesh may still see them where they were. */
function lost(candidates: readonly Candidate[], before: readonly Evidence[]): Look[] {
  return before.flatMap(({ candidate, mesh }): Look[] => {
    if (mesh.presence < MIN_FOLLOWED_PRESENCE || candidates.some(({ box }) => isNear(box, mesh.box))) return [];
    const faded = { ...candidate, score: candidate.score * FADING, box: mesh.box };
    return [{ candidate: faded, square: mesh.square, minPresence: MIN_FOLLOWED_PRESENCE }];
  });
}

function isNear(box: Candidate['box'], other: Candidate['box']): boolean {
  const [[x, y], [u, v]] = [boxCentre(box), boxCentre(other)];
  return Math.hypot(x - u, y - v) < boxSize(other).height / 2;
}
