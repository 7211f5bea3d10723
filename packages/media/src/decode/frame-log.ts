import { type YuvColours, yuvColours } from '../pixels/yuv-colours.js';

/** What ffmpeg says of a frame. */
export interface LoggedFrame {
  /** In seconds; null where the container has none. */
  readonly timeStamp: number | null;
  /** As it was decoded; null where ffmpeg did not say. */
  readonly picture: LoggedPicture | null;
}

export interface LoggedPicture {
  /** ffmpeg's name of the pixel format. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** A pixel's width by its height; 1 where the file does not say. */
  readonly pixelShape: number;
  /** How YUV is to be read; null where that is not known. */
  readonly colours: YuvColours | null;
}

/**
 * Reads what ffmpeg's `showinfo` filter logs of frames, in their order: a line with time stamp, format and size, then one with the
 * colours. Its `pts_time` is rounded to six digits, so the exact time is computed from the whole number `pts` and the
 * time base that the filter announces. Text from the file (titles and the like) is indented in the log, so it cannot
 * look like such a line.
 */
export class FrameLog {
  #timeBase = 0;
  readonly #complete: LoggedFrame[] = [];
  /** Its colours are still to come. */
  #begun: BegunFrame | null = null;
  #read = 0;
  #firstKey: number | null = null;

  /** @returns true when the line told something of a frame. */
  readLine(line: string): boolean {
    if (!line.startsWith('[Parsed_showinfo')) return false;
    const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (base) this.#timeBase = Number(base[1]) / Number(base[2]);
    const stamp = / n: *\d+ pts: *(-?\d+|NOPTS) /.exec(line);
    if (stamp) this.#begin(line, stamp[1] === 'NOPTS' ? null : Number(stamp[1]) * this.#timeBase);
    // Written by parts, between which other messages may come: each is looked for by itself, and what follows it may be anything.
    const range = / color_range:(unknown|tv|pc)/.exec(line);
    if (range && this.#begun) this.#begun.range = range[1];
    const space = / color_space:(unknown|bt709|bt470bg|smpte170m|)/.exec(line);
    if (space) this.#finish(space[1] as string);
    return stamp !== null || space !== null;
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#begun) this.#complete.push({ timeStamp: this.#begun.timeStamp, picture: null });
    this.#begun = null;
  }

  /** How many have been read so far. */
  get read(): number {
    return this.#read;
  }

  /** The number of the first key frame, from 0; null until it has been read. */
  get firstKey(): number | null {
    return this.#firstKey;
  }

  get available(): number {
    return this.#complete.length;
  }

  /** The next frame; undefined when none has been read yet. */
  shift(): LoggedFrame | undefined {
    return this.#complete.shift();
  }

  #begin(line: string, timeStamp: number | null): void {
    this.end();
    if (this.#firstKey === null && / iskey:1 /.test(line)) this.#firstKey = this.#read;
    this.#read += 1;
    const format = / fmt:(\w+) /.exec(line)?.[1] ?? 'unknown';
    const size = / s:(\d+)x(\d+) /.exec(line);
    const shape = / sar:(\d+)\/(\d+) /.exec(line);
    const pixelShape = Number(shape?.[1] ?? 0) / Number(shape?.[2] ?? 1) || 1;
    this.#begun = { timeStamp, format, width: Number(size?.[1] ?? 0), height: Number(size?.[2] ?? 0), pixelShape };
  }

  #finish(space: string): void {
    if (this.#begun?.range === undefined) return;
    const { timeStamp, range, ...picture } = this.#begun;
    const isFullRange = picture.format.startsWith('yuvj');
    // Whose format and range say different things is left to ffmpeg.
    const colours = isFullRange && range === 'tv' ? null : yuvColours(space, isFullRange || range === 'pc');
    this.#complete.push({ timeStamp, picture: { ...picture, colours } });
    this.#begun = null;
  }
}

interface BegunFrame extends Omit<LoggedPicture, 'colours'> {
  readonly timeStamp: number | null;
  range?: string | undefined;
}
