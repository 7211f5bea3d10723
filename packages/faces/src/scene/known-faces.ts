import type { Frame } from '@styleflow/media';
import { type Box, iou } from '../geometry/geometry.js';
import { FaceDissolves } from './face-dissolve.js';
import { type FaceLook, isTelling, likeness, lookAt } from './face-look.js';

/** Looks are kept for as many frames as the longest dissolve of the whole picture is compared over. */
const REMEMBERED = 33;
/** Places are kept for longer: the longest dissolve of a face, at up to 60 frames a second. */
const PLACES_REMEMBERED = 100;
/**
 * After a dissolve was noticed, its rest would be noticed as another one: the face that is found at its place, which overlaps
 * it by so much, is not asked about for so long. No dissolve of those that are looked for takes longer.
 */
const AFTERMATH = { overlap: 0.3, seconds: 1.4, frames: 36 } as const;
/** After a change of the picture a face goes on when its looks before and after are alike by this (README "Scenes"). */
const SAME_FACE = 0.88;
/** Below this it is another one. In between, as in a glaring flash, the next frames are asked, so many of them. */
const OTHER_FACE = 0.8;
const LONGEST_DOUBT = 8;
/** A face that is followed, whatever object stands for it, and where it was last. */
export interface KnownFace<Key> {
  readonly key: Key;
  readonly box: Box;
}

interface Memory {
  /** Newest last. */
  readonly looks: { readonly frame: number; readonly look: FaceLook }[];
  /** Empty in the aftermath of a dissolve. Newest last. */
  readonly places: { readonly frame: number; readonly box: Box }[];
  readonly aftermath: Dissolved | undefined;
  /**
   * The look before the picture changed and the face's place then, while it is open whether it goes on because nothing
   * can be seen there.
   */
  doubt: { readonly before: FaceLook; readonly box: Box } | null;
  /** Frames in which something could be seen, but not enough. */
  doubtfulFrames: number;
}

/** Where and when a face turned into another one. */
interface Dissolved {
  readonly box: Box;
  readonly frame: number;
  readonly seconds: number;
}

/**
 * Knows the followed faces by their looks, to tell a new scene from a flash, a light that is switched on, a caption or a
 * panel: those leave a face and what surrounds it as they were.
 */
export class KnownFaces<Key> {
  readonly #dissolves = new FaceDissolves();
  #dissolved: readonly Dissolved[] = [];
  #memories = new Map<Key, Memory>();
  #frame = 0;

  /**
   * To be asked before faces are searched in a frame.
   * @param changedSince how many frames ago the picture was another one; null when it has not changed.
   * @returns the faces that do not go on.
   */
  leaving(frame: Frame, faces: readonly KnownFace<Key>[], changedSince: number | null): Key[] {
    this.#frame += 1;
    this.#dissolves.add(frame, this.#frame);
    this.#memories = new Map([...this.#memories].filter(([key]) => faces.some((face) => face.key === key)));
    this.#dissolved = this.#dissolved.filter((one) => !this.#isOver(one, frame));
    const isBlended = changedSince !== null && changedSince > 1;
    const leaving = faces.filter((face) => {
      const isInAftermath = this.#memories.get(face.key)?.places.length === 0;
      if (isBlended && isInAftermath) return false;
      const isDissolved = this.#isDissolved(face.key);
      if (!this.#isLeaving(frame, face, changedSince) && !isDissolved) return false;
      if (isBlended || isDissolved) this.#dissolved = [...this.#dissolved, this.#dissolvedNow(face.box, frame)];
      return true;
    });
    return leaving.map(({ key }) => key);
  }

  /** Remembers how the faces look that were found in the same frame. */
  remember(frame: Frame, faces: readonly KnownFace<Key>[]): void {
    for (const { key, box } of faces) {
      const memory = this.#memories.get(key) ?? this.#newMemory(box);
      this.#memories.set(key, memory);
      if (!memory.aftermath || this.#isOver(memory.aftermath, frame)) memory.places.push({ frame: this.#frame, box });
      if (memory.places.length > PLACES_REMEMBERED) memory.places.shift();
      if (memory.doubt) continue;
      const look = lookAt(frame, box);
      if (!isTelling(look)) continue; // What is seen in a moment of white is no witness for later.
      memory.looks.push({ frame: this.#frame, look });
      if (memory.looks.length > REMEMBERED) memory.looks.shift();
    }
  }

  #newMemory(box: Box): Memory {
    const aftermath = this.#dissolved.find((one) => iou(one.box, box) >= AFTERMATH.overlap);
    return { looks: [], places: [], aftermath, doubt: null, doubtfulFrames: 0 };
  }

  #dissolvedNow(box: Box, { seconds }: Frame): Dissolved {
    return { box, frame: this.#frame, seconds };
  }

  #isOver(dissolved: Dissolved, { seconds }: Frame): boolean {
    const { frame, seconds: since } = dissolved;
    return this.#frame >= frame + AFTERMATH.frames && seconds >= since + AFTERMATH.seconds;
  }

  #isDissolved(key: Key): boolean {
    const places = this.#memories.get(key)?.places ?? [];
    return this.#dissolves.isOther((frame) => places.findLast((place) => place.frame <= frame)?.box ?? null);
  }

  #isLeaving(frame: Frame, { key, box }: KnownFace<Key>, changedSince: number | null): boolean {
    const memory = this.#memories.get(key);
    if (!memory) return changedSince !== null;
    const { looks } = memory;
    if (changedSince !== null) {
      const before = looks.findLast((each) => each.frame <= this.#frame - changedSince) ?? looks[0];
      if (!before) return true;
      // A doubt from before is about an older look, which is the better witness.
      memory.doubt ??= { before: before.look, box };
    }
    if (memory.doubt === null) return false;
    const share = likeness(memory.doubt.before, lookAt(frame, memory.doubt.box));
    if (share === null) return false;
    if (share < SAME_FACE) return share < OTHER_FACE || ++memory.doubtfulFrames > LONGEST_DOUBT;
    memory.doubt = null;
    memory.doubtfulFrames = 0;
    return false;
  }
}
