import type { Frame } from '@styleflow/media';
import { type Detection, type FaceDetector, TRACK_SCORES } from '../detection/face-detector.js';
import { suppressOverlaps } from '../detection/nms.js';
import { detectionOf, type Evidence, scoreOf } from './face-evidence.js';
import type { FaceMesh } from './face-mesh.js';
import { FaceSearch, finePixel } from './face-search.js';
import type { FullRange } from './full-range.js';
import {
  bestOf,
  followBlindly,
  followSurely,
  isWorthALook,
  type Judged,
  type Look,
  lookAgain,
  lookAt,
  moveAlong,
  needsConfirming,
} from './mesh-looks.js';

/** Weakest face that is reported; what a track needs to begin is the tracker's business. */
const MIN_SCORE = 0.4;
/** Sightings of one frame that are looked at, best first, and that are confirmed: both cost a tenth of a fine search. */
const MAX_LOOKS = 24;
const MAX_CONFIRMED = 12;
/** Further rounds of looks. */
const MORE_LOOKS = 3;
/** Faces overlapping more than this are one: two looks have slid onto it. */
const FACE_OVERLAP = 0.4;

/**
 * The bundled detector: a search on a coarse picture of the frame and now and then on a fine one, and the face mesh for
 * the alignment points and as judge; where the mesh is not sure, another search at the size of what was sighted. While the
 * mesh clearly sees every face of the frame before, every other frame is not searched at all. Faces that the coarse search
 * misses are searched where they were, and when that fails too (turned far away) the mesh alone follows them for a while.
 * It remembers one frame: give it consecutive frames in their order; after a leap it begins anew.
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
    const followed = this.#search.mayWait(frame) ? await this.#follow(frame, before) : null;
    let { found, isFine } = followed ? { found: followed, isFine: false } : await this.#findAll(frame, before);
    for (let i = 0; i < MORE_LOOKS; i++) {
      const more = found.flatMap((one) => lookAgain(one, isFine && i === 0));
      const again = await this.#judge(frame, more);
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

  /** The faces of the frame before, by the mesh alone; null unless it clearly sees every one of them. */
  async #follow(frame: Frame, before: readonly Evidence[]): Promise<Judged[] | null> {
    const looks = followSurely(before);
    if (looks.length === 0) return null;
    const found = await this.#judge(frame, looks);
    return found.length === looks.length ? found.map((one, i) => moveAlong(one, before[i] as Evidence)) : null;
  }

  async #findAll(frame: Frame, before: readonly Evidence[]): Promise<{ found: Judged[]; isFine: boolean }> {
    const known = before.map(({ sighting }) => sighting.box);
    const { sightings, isFine } = await this.#search.find(frame, known);
    const best = sightings.filter((one) => isFine || isWorthALook(one, before)).slice(0, MAX_LOOKS);
    const looks = [...best.map((one) => lookAt(one, before)), ...followBlindly(best, before)];
    return { found: await this.#confirm(frame, await this.#judge(frame, looks), before), isFine };
  }

  /** What the mesh sees at each look, where it is sure enough. */
  async #judge(frame: Frame, looks: readonly Look[]): Promise<Judged[]> {
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

  /** Searches once more, closer, where the mesh is not sure, and has it look again there. */
  async #confirm(frame: Frame, found: readonly Judged[], before: readonly Evidence[]): Promise<Judged[]> {
    const unsure = found.filter(needsConfirming).slice(0, MAX_CONFIRMED);
    const looks: Look[] = [];
    for (const { sighting } of unsure) looks.push(lookAt(await this.#search.confirm(frame, sighting), before));
    const confirmed = await this.#judge(frame, looks);
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
