import { type PreparedTrack, WHOLE_FRAMES_MAX, type WholeFrame } from '@styleflow/contracts';
import type { FollowedFace } from '@styleflow/faces';
import type { Frame } from '@styleflow/media';
import { roundBox } from './round-box.js';

/** A face that was followed for so many frames is worth a picture. */
const SURE_FRAMES = 12;
/** One that is a little younger counts as shown by a picture that is made for another. */
const SHOWN_FRAMES = 6;
/** Pictures that are held until it is known which faces matter: some 2 MB. */
const HELD_MAX = 48;
/** Of videos that flicker: beyond it, new faces get no picture of their own. */
const MADE_MAX = 256;
/** Fewer than so many are filled up with frames from elsewhere in the video. */
const WANTED = 4;
/** Time between two that are taken for their own sake; it doubles when there are too many of them. */
const FIRST_STEP_SECONDS = 2;
const EVEN_MAX = 8;

type Track = FollowedFace['track'];

interface Held {
  readonly frame: number;
  readonly seconds: number;
  readonly faces: readonly Pick<FollowedFace, 'track' | 'box'>[];
  readonly picture: Uint8Array;
  /** Taken by time alone. */
  readonly isEven: boolean;
}

/** A whole frame with its picture, JPEG. */
export interface PicturedFrame extends WholeFrame {
  readonly picture: Uint8Array;
}

/**
 * Takes small pictures of whole frames while a video is prepared, so that people see which face is which: one for each face as
 * soon as it is surely one, and some evenly over time. It depends on frames and tracks alone, so that every attempt takes the same.
 */
export class FrameBook {
  readonly #encode: (frame: Frame) => Promise<Uint8Array>;
  readonly #shown = new Set<Track>();
  #held: Held[] = [];
  #made = 0;
  #step = FIRST_STEP_SECONDS;
  #nextEven = Number.NEGATIVE_INFINITY;

  constructor(encode: (frame: Frame) => Promise<Uint8Array>) {
    this.#encode = encode;
  }

  async look(frame: Frame, faces: readonly FollowedFace[]): Promise<void> {
    const found = faces.filter(({ isFound }) => isFound);
    const isNew =
      this.#made < MADE_MAX && found.some(({ track }) => track.age >= SURE_FRAMES && !this.#shown.has(track));
    const isEven = frame.seconds >= this.#nextEven;
    if (!isNew && !isEven) return;
    for (const { track } of found) if (track.age >= SHOWN_FRAMES) this.#shown.add(track);
    this.#made += 1;
    const picture = await this.#encode(frame);
    this.#held.push({ frame: frame.index, seconds: frame.seconds, faces: found, picture, isEven: isEven && !isNew });
    if (isEven) this.#nextEven = frame.seconds + this.#step;
    this.#thin();
    if (this.#held.length > HELD_MAX) this.#drop();
  }

  /** At most `WHOLE_FRAMES_MAX` frames in order of time, that show as many of these faces as they can, those longest seen first. */
  choose(tracks: readonly PreparedTrack[]): PicturedFrame[] {
    const wanted = [...tracks].sort((a, b) => b.frameCount - a.frameCount || a.track - b.track);
    const missing = new Set(wanted.map(({ track }) => track));
    const chosen = new Set<Held>();
    for (const { track } of wanted) {
      if (!missing.has(track) || chosen.size === WHOLE_FRAMES_MAX) continue;
      const best = this.#showing(track, missing);
      if (!best) continue;
      chosen.add(best);
      for (const number of numbersIn(best)) missing.delete(number);
    }
    const rest = this.#held.filter((held) => !chosen.has(held) && held.isEven);
    for (const held of evenly(rest, Math.max(0, WANTED - chosen.size))) chosen.add(held);
    if (chosen.size === 0 && this.#held[0]) chosen.add(this.#held[0]);
    const known = new Set(tracks.map(({ track }) => track));
    return [...chosen]
      .sort((a, b) => a.frame - b.frame)
      .map(({ frame, seconds, faces, picture }) => ({
        ...{ frame, seconds, picture },
        boxes: faces
          .flatMap(({ track, box }) =>
            track.number !== null && known.has(track.number) ? [{ track: track.number, box: roundBox(box) }] : [],
          )
          .sort((a, b) => a.track - b.track),
      }));
  }

  /** Of the pictures with this face, the one with most faces that are still missing. */
  #showing(track: number, missing: ReadonlySet<number>): Held | undefined {
    const count = (held: Held): number => numbersIn(held).filter((number) => missing.has(number)).length;
    return this.#held
      .filter((held) => numbersIn(held).includes(track))
      .reduce<Held | undefined>((best, held) => (best && count(best) >= count(held) ? best : held), undefined);
  }

  /** Of those taken by time alone, every other one goes when there are too many. */
  #thin(): void {
    const even = this.#held.filter(({ isEven }) => isEven);
    if (even.length <= EVEN_MAX) return;
    this.#step *= 2;
    const gone = new Set(even.filter((_, at) => at % 2 === 1));
    this.#held = this.#held.filter((held) => !gone.has(held));
  }

  /** The picture goes whose faces are shown by others, too, or were seen for the shortest time. */
  #drop(): void {
    const times = new Map<Track, number>();
    for (const { faces } of this.#held) for (const { track } of faces) times.set(track, (times.get(track) ?? 0) + 1);
    const worth = ({ faces }: Held): number =>
      faces.reduce((most, { track }) => (times.get(track) === 1 ? Math.max(most, track.age) : most), 0);
    const least = this.#held.reduce((worst, held) => (worth(held) < worth(worst) ? held : worst));
    this.#held = this.#held.filter((held) => held !== least);
  }
}

function numbersIn({ faces }: Held): number[] {
  return faces.flatMap(({ track }) => track.number ?? []);
}

function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor(((at + 0.5) * items.length) / count)] as T);
}
