import type { Frame } from '@styleflow/media';
import { type Detection, type FaceDetector, TRACK_SCORES } from '../detection/face-detector.js';
import { suppressOverlaps } from '../detection/nms.js';
import { detectionOf, type Evidence, scoreOf } from './face-evidence.js';
import type { FaceMesh } from './face-mesh.js';
import { FaceSearch, finePixel } from './face-search.js';
import type { FullRange } from './full-range.js';
import {
  firstLook,
  furtherLooks,
  isClearOrKnown,
  type Look,
  type LookResult,
  looksAtLostFaces,
  looksWithoutSearch,
  moveSightingWithMesh,
  needsCloseSearch,
  preferredResult,
} from './mesh-looks.js';

/** Faces with a lower score are not reported. A track needs a higher one to begin: see `TrackScores`. */
const MIN_SCORE = 0.4;
/**
 * How many sightings of one frame the mesh looks at, and how many get a close search, best first: a bound for its time.
 */
const MAX_LOOKS = 24;
const MAX_CLOSE_SEARCHES = 12;
/** After the first look at a sighting, the mesh looks again in up to this many rounds. */
const FURTHER_ROUNDS = 3;
/** Two faces that overlap by more than this are one face on which two looks have ended. */
const FACE_OVERLAP = 0.4;

/**
 * The bundled detector. A search finds places that look like faces, on a coarse picture of each frame and on a fine one
 * from time to time; the face mesh then judges each place and gives the alignment points. Where the mesh is not sure,
 * the place is searched again at its own size.
 *
 * It spares work where faces are known. While the mesh clearly sees every face of the frame before, every other frame
 * is not searched. A known face that the coarse picture does not show is searched where it was; when that fails too
 * (the head is turned far away), the mesh alone follows it for some frames.
 *
 * It remembers one frame, so frames must come consecutively and in order; after a leap it begins anew.
 */
export class BundledDetector implements FaceDetector {
  readonly trackScores = TRACK_SCORES;
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
    const followed = this.#search.maySkip(frame) ? await this.#followWithoutSearch(frame, before) : null;
    let { found, isFine } = followed ? { found: followed, isFine: false } : await this.#findAll(frame, before);
    for (let i = 0; i < FURTHER_ROUNDS; i++) {
      const further = found.flatMap((one) => furtherLooks(one, isFine && i === 0));
      const results = await this.#look(frame, further);
      found = found.map((one) => preferredResult(one, results));
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

  /** The faces of the frame before, found again by the mesh alone; null unless it clearly sees every one of them. */
  async #followWithoutSearch(frame: Frame, before: readonly Evidence[]): Promise<LookResult[] | null> {
    const looks = looksWithoutSearch(before);
    if (looks.length === 0) return null;
    const found = await this.#look(frame, looks);
    if (found.length !== looks.length) return null;
    return found.map((one, i) => moveSightingWithMesh(one, before[i] as Evidence));
  }

  async #findAll(frame: Frame, before: readonly Evidence[]): Promise<{ found: LookResult[]; isFine: boolean }> {
    const known = before.map(({ sighting }) => sighting.box);
    const { sightings, isFine } = await this.#search.find(frame, known);
    const best = sightings.filter((one) => isFine || isClearOrKnown(one, before)).slice(0, MAX_LOOKS);
    const looks = [...best.map((one) => firstLook(one, before)), ...looksAtLostFaces(best, before)];
    return { found: await this.#searchClosely(frame, await this.#look(frame, looks), before), isFine };
  }

  /** Lets the mesh look, and leaves out the looks of which it is not sure enough. */
  async #look(frame: Frame, looks: readonly Look[]): Promise<LookResult[]> {
    const squares = looks.map(({ square }) => square);
    const meshes = await this.#mesh.look(frame, squares);
    const pixel = finePixel(frame);
    return looks.flatMap(({ sighting, minPresence, square }, i) => {
      const mesh = meshes[i];
      return mesh && mesh.presence >= minPresence
        ? [{ sighting, mesh, pixel, lean: mesh.square.angle - square.angle }]
        : [];
    });
  }

  /** Where the mesh is not sure, searches that place once more at its own size and lets the mesh look again. */
  async #searchClosely(frame: Frame, found: readonly LookResult[], before: readonly Evidence[]): Promise<LookResult[]> {
    const unsure = found.filter(needsCloseSearch).slice(0, MAX_CLOSE_SEARCHES);
    const looks: Look[] = [];
    for (const { sighting } of unsure) looks.push(firstLook(await this.#search.confirm(frame, sighting), before));
    const confirmed = await this.#look(frame, looks);
    return [...found.filter((one) => !unsure.includes(one)), ...confirmed];
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
