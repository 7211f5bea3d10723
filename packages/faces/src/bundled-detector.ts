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
/** Faces overlapping more than this are one: two looks have slid onto it. */
const FACE_OVERLAP = 0.4;
/** A candidate overlapping a face of the frame before as much as this is looked at where that face was, upright with it. */
const KNOWN_OVERLAP = 0.5;
/** Below this height of the box the mesh looks twice, the second time at a square this much larger: it is easily put off there. */
const SMALL_HEIGHT = 48;
const WIDER = 1.3;
/**
 * A face that lies on its side is found with its eyes too level: where the mesh sees no face, although there are pixels
 * enough, it looks again, turned by these radians, and must be sure.
 */
const TURNS = [-0.9, 0.9];
const MIN_TURNED_HEIGHT = 32;
const MIN_TURNED_PRESENCE = 0.8;
/** What the score of a face becomes with each frame in which the mesh alone still sees it, as surely as this. */
const FADING = 0.85;
const MIN_FOLLOWED_PRESENCE = 0.8;

interface Look {
  readonly candidate: Candidate;
  readonly squares: readonly Square[];
  readonly minPresence: number;
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
      before.map(({ candidate }) => candidate),
    );
    const best = candidates.slice(0, MAX_LOOKS);
    const found = await this.#judge(frame, [...best.map((one) => lookAt(one, before)), ...lost(best, before)]);
    if (isFine) found.push(...(await this.#judge(frame, found.filter(isDoubtful).map(turn))));
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

  /** What the mesh sees at each look, where it is sure enough: of several squares the surest. */
  async #judge(frame: Frame, looks: readonly Look[]): Promise<Evidence[]> {
    const meshes = await this.#mesh.look(
      frame,
      looks.flatMap(({ squares }) => squares),
    );
    let next = 0;
    return looks.flatMap(({ candidate, squares, minPresence }) => {
      const [mesh] = meshes.slice(next, next + squares.length).sort((a, b) => b.presence - a.presence);
      next += squares.length;
      return mesh && mesh.presence >= minPresence ? [{ candidate, mesh }] : [];
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

function lookAt(candidate: Candidate, before: readonly Evidence[]): Look {
  const known = before.find(({ mesh }) => iou(candidate.box, mesh.box) > KNOWN_OVERLAP && mesh.presence >= 0.5);
  const square = known?.mesh.square ?? squareOf(candidate);
  const isSmall = boxSize(candidate.box).height < SMALL_HEIGHT;
  const squares = isSmall ? [square, { ...square, side: square.side * WIDER }] : [square];
  return { candidate, squares, minPresence: 0 };
}

/** Faces of the frame before that no candidate stands for: the mesh may still see them where they were. */
function lost(candidates: readonly Candidate[], before: readonly Evidence[]): Look[] {
  return before.flatMap(({ candidate, mesh }): Look[] => {
    if (mesh.presence < MIN_FOLLOWED_PRESENCE || candidates.some(({ box }) => isNear(box, mesh.box))) return [];
    const faded = { ...candidate, score: candidate.score * FADING, box: mesh.box };
    return [{ candidate: faded, squares: [mesh.square], minPresence: MIN_FOLLOWED_PRESENCE }];
  });
}

function isNear(box: Candidate['box'], other: Candidate['box']): boolean {
  const [[x, y], [u, v]] = [boxCentre(box), boxCentre(other)];
  return Math.hypot(x - u, y - v) < boxSize(other).height / 2;
}

function isDoubtful({ candidate, mesh }: Evidence): boolean {
  return mesh.presence < 0.5 && boxSize(candidate.box).height >= MIN_TURNED_HEIGHT;
}

function turn({ candidate }: Evidence): Look {
  const square = squareOf(candidate);
  const squares = TURNS.map((angle) => ({ ...square, angle: square.angle + angle }));
  return { candidate, squares, minPresence: MIN_TURNED_PRESENCE };
}
