/**
 * Reads the frames' time stamps from the log lines of ffmpeg's `showinfo` filter, which come in the order of the
 * frames. Its `pts_time` is rounded to six digits, so the exact time is computed from the whole number `pts` and the
 * time base that the filter announces. Text from the file (titles and the like) is indented in the log, so it cannot
 * look like such a line.
 */
export class TimeStamps {
  #timeBase = 0;
  #waiting: (number | null)[] = [];
  #read = 0;
  #firstKey: number | null = null;

  /** @returns true when the line held a frame's time stamp. */
  readLine(line: string): boolean {
    if (!line.startsWith('[Parsed_showinfo')) return false;
    const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (base) this.#timeBase = Number(base[1]) / Number(base[2]);
    const stamp = / n: *\d+ pts: *(-?\d+|NOPTS) /.exec(line);
    if (!stamp) return false;
    if (this.#firstKey === null && / iskey:1 /.test(line)) this.#firstKey = this.#read;
    this.#read += 1;
    this.#waiting.push(stamp[1] === 'NOPTS' ? null : Number(stamp[1]) * this.#timeBase);
    return true;
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
    return this.#waiting.length;
  }

  /** The next frame's time stamp in seconds; null where the container has none, undefined when none has been read yet. */
  shift(): number | null | undefined {
    return this.#waiting.shift();
  }
}
