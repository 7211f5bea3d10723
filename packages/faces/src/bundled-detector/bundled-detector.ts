import type { Frame } from '@styleflow/media';
import { type Detection, type FaceDetector, TRACK_SCORES } from '../detection/face-detector.js';
import { suppressOverlaps } from '../detection/nms.js';
import type { Box } from '../geometry/geometry.js';
import { detectionOf, type Evidence, scoreOf } from './face-evidence.js';
import type { FaceMesh } from './face-mesh.js';
import { FaceSearch, finePixel } from './face-search.js';
import type { FullRange } from './full-range.js';
import {
  alreadySeen,
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
/** After more frames than this, what was seen says nothing of where faces are now. */
const MAX_LEAP = 8;
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
 * It remembers the frame that it looked at last, so frames must come in order; after a leap of more than eight it begins anew.
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

  async detect(frame: Frame, changed?: Box | null): Promise<readonly Detection[]> {
    if (!this.#leadsTo(frame)) {
      this.#search.reset();
      this.#seen = [];
    }
    const before = this.#seen;
    const followed = this.#search.maySkip(frame) ? await this.#followWithoutSearch(frame, before) : null;
    const { found, isFine } = followed
      ? { found: followed, isFine: false }
      : await this.#findAll(frame, before, changed);
    const looked = await this.#lookUpright(frame, found, isFine);
    const faces = looked.filter((one) => scoreOf(one) >= MIN_SCORE);
    const seen = suppressOverlaps(faces, (one) => detectionOf(one).box, scoreOf, FACE_OVERLAP);
    this.#search.tellLost(seen.length < before.length);
    this.#remember(frame, seen);
    return seen.map(detectionOf);
  }

  /** By the mesh alone, where each face was. */
  async follow(frame: Frame): Promise<readonly Detection[] | null> {
    const before = this.#seen;
    if (before.length === 0) return [];
    const found = this.#leadsTo(frame) ? await this.#followWithoutSearch(frame, before) : null;
    if (found === null) return null;
    const upright = await this.#lookUpright(frame, found, false);
    if (upright.some((one) => scoreOf(one) < MIN_SCORE)) return null;
    this.#remember(frame, upright);
    return upright.map(detectionOf);
  }

  isSearchDue(frame: Frame): boolean {
    return this.#search.isFineDue(frame);
  }

  checkpoint(): () => void {
    const [last, seen, resetSearch] = [this.#last, this.#seen, this.#search.checkpoint()];
    return () => {
      this.#last = last;
      this.#seen = seen;
      resetSearch();
    };
  }

  forget(): void {
    this.#search.forget();
  }

  async release(): Promise<void> {
    await this.#search.release();
    await this.#mesh.release();
  }

  #remember({ index, window, width, height }: Frame, seen: readonly Evidence[]): void {
    this.#seen = seen;
    this.#last = { index, window, width, height };
  }

  /** Looks again at faces that lean; with `isFine`, once at places where the mesh sees none, too. */
  async #lookUpright(frame: Frame, first: readonly LookResult[], isFine: boolean): Promise<LookResult[]> {
    let found = [...first];
    for (let i = 0; i < FURTHER_ROUNDS; i++) {
      const further = found.flatMap((one) => furtherLooks(one, isFine && i === 0));
      const results = await this.#look(frame, further);
      found = found.map((one) => preferredResult(one, results));
    }
    return found;
  }

  /** The faces of the frame before, found again by the mesh alone; null unless it clearly sees every one of them. */
  async #followWithoutSearch(frame: Frame, before: readonly Evidence[]): Promise<LookResult[] | null> {
    const looks = looksWithoutSearch(before);
    if (looks.length === 0) return null;
    const found = await this.#look(frame, looks);
    if (found.length !== looks.length) return null;
    return found.map((one, i) => moveSightingWithMesh(one, before[i] as Evidence));
  }

  async #findAll(
    frame: Frame,
    before: readonly Evidence[],
    changed: Box | null | undefined,
  ): Promise<{ found: LookResult[]; isFine: boolean }> {
    const known = before.map(({ sighting }) => sighting.box);
    const { sightings, isFine } = await this.#search.find(frame, known, changed);
    const best = sightings.filter((one) => isFine || isClearOrKnown(one, before)).slice(0, MAX_LOOKS);
    // What the mesh has just said of this very frame needs no other look.
    const followed = frame.index === this.#last?.index ? best.flatMap((one) => alreadySeen(one, before)) : [];
    const others = best.filter((one) => !followed.some(({ sighting }) => sighting === one));
    const looks = [...others.map((one) => firstLook(one, before)), ...looksAtLostFaces(best, before)];
    const found = [...followed, ...(await this.#look(frame, looks))];
    return { found: await this.#searchClosely(frame, found, before), isFine };
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

  /** Whether what was seen last still tells where faces are in this frame. */
  #leadsTo({ index, window, width, height }: Frame): boolean {
    const last = this.#last;
    return (
      last !== null &&
      last.index <= index &&
      index <= last.index + MAX_LEAP &&
      last.window === window &&
      last.width === width &&
      last.height === height
    );
  }
}
