/** A key frame at which reading may begin in the middle of a stream that cannot be sought in. */
export interface EntryPoint {
  /** Its number among all frames, in presentation order. */
  readonly frame: number;
  /** Where its packet begins, in bytes from the beginning of the container. */
  readonly byte: number;
  /** Its time stamp in the container's own seconds. */
  readonly timeStamp: number;
}

/** A packet of the stream as the demuxer tells of it; what it does not know is null. */
export interface ListedPacket {
  readonly timeStamp: number | null;
  readonly byte: number | null;
  readonly isKey: boolean;
}

/** Codecs of which the demuxer knows the time of every picture that is shown as soon as it is decoded. */
const TELLS_OF_PICTURES_AT_ONCE = new Set(['mpeg1video', 'mpeg2video']);
/** Entry points closer than so many frames serve the same windows. */
const CLOSEST = 10;

/**
 * Collects entry points while packets pass in the order of decoding. A key frame's number is that of its packet, and one
 * more for each picture that comes after it and yet is shown before. Where the time stamps leave that open it is none.
 */
export class EntryPoints {
  /** In order of the frames. */
  readonly found: EntryPoint[] = [];
  readonly #isUntimedLater: boolean;
  #open: EntryPoint | null = null;

  constructor(codec: string) {
    this.#isUntimedLater = TELLS_OF_PICTURES_AT_ONCE.has(codec);
  }

  /** @param number of the packet in the order of decoding. */
  add(number: number, { timeStamp, byte, isKey }: ListedPacket): void {
    if (this.#open) this.#open = this.#count(this.#open, timeStamp);
    if (!isKey || timeStamp === null || byte === null) return;
    if (number - (this.found.at(-1)?.frame ?? -CLOSEST) >= CLOSEST) this.#open = { frame: number, byte, timeStamp };
  }

  /** Takes the next packet into account. @returns the entry point while its number is open. */
  #count(entry: EntryPoint, next: number | null): EntryPoint | null {
    if (next !== null && next < entry.timeStamp) return { ...entry, frame: entry.frame + 1 };
    if (next !== null || this.#isUntimedLater) this.found.push(entry);
    return null;
  }
}
