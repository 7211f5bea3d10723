import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaceTrack } from '@styleflow/faces';
import { ignoreMissing } from '@styleflow/files';
import type { EncodedClip } from './encoded-clip.js';

/** Clips kept aside on disk, at some 1.5 MB each. Beyond it clips go through: more is scored than is shown, nothing is lost. */
const SHELF_CLIPS_MAX = 256;

/**
 * Holds clips back until it is known whether their face is the primary one (most screen time), so that with the option
 * `primary` the other faces are hardly ever scored. The face that leads so far passes at once; the clips of the others
 * wait on disk, to follow when their face takes the lead, and to be forgotten when it ends behind it.
 */
export class ClipShelf {
  readonly #folder: string;
  readonly #limit: number;
  /** Clips cut of each track so far; of ended tracks that fell behind as well. */
  readonly #cut = new Map<number, number>();
  readonly #kept = new Map<number, number[]>();

  /** @param folder scratch space that someone else deletes. */
  constructor(folder: string, limit: number = SHELF_CLIPS_MAX) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** The clips that are to be scored now, in the order of their track: none, this one, or all of its track's so far. */
  async *offer(clip: EncodedClip): AsyncGenerator<EncodedClip, void> {
    this.#cut.set(clip.track, (this.#cut.get(clip.track) ?? 0) + 1);
    const kept = this.#kept.get(clip.track) ?? [];
    if (this.#leader() === clip.track || this.#size() >= this.#limit) {
      yield* this.#release(clip.track);
      yield clip;
      return;
    }
    await writeFile(this.#path(clip.track, clip.index, 'pixels'), clip.pixels);
    await writeFile(this.#path(clip.track, clip.index, 'strip'), clip.strip);
    if (clip.frames !== undefined) await writeFile(this.#path(clip.track, clip.index, 'frames'), clip.frames);
    this.#kept.set(clip.track, [...kept, clip.index]);
  }

  /** A track has ended: behind the leader it can never be the primary one. */
  async endTrack({ track }: FaceTrack): Promise<void> {
    const leader = this.#leader();
    if ((this.#cut.get(track) ?? 0) < (this.#cut.get(leader) ?? 0)) await this.#forget(track);
  }

  /** Once the primary track is known: what is still held back of it. */
  async *end(primary: number): AsyncGenerator<EncodedClip, void> {
    yield* this.#release(primary);
  }

  /** Most clips so far; of equals the lower number. */
  #leader(): number {
    const [first] = [...this.#cut].sort(([a, most], [b, other]) => other - most || a - b);
    return first?.[0] ?? -1;
  }

  #size(): number {
    return [...this.#kept.values()].reduce((total, clips) => total + clips.length, 0);
  }

  async *#release(track: number): AsyncGenerator<EncodedClip, void> {
    const kept = this.#kept.get(track) ?? [];
    this.#kept.delete(track);
    for (const index of kept) {
      const pixels = await readFile(this.#path(track, index, 'pixels'));
      const strip = await readFile(this.#path(track, index, 'strip'));
      const frames = await readFile(this.#path(track, index, 'frames'), 'utf8').catch(ignoreMissing);
      await this.#remove(track, index);
      yield { track, index, pixels, strip, frames };
    }
  }

  async #forget(track: number): Promise<void> {
    const kept = this.#kept.get(track) ?? [];
    this.#kept.delete(track);
    for (const index of kept) await this.#remove(track, index);
  }

  async #remove(track: number, index: number): Promise<void> {
    await rm(this.#path(track, index, 'pixels'), { force: true });
    await rm(this.#path(track, index, 'strip'), { force: true });
    await rm(this.#path(track, index, 'frames'), { force: true });
  }

  #path(track: number, index: number, part: 'pixels' | 'strip' | 'frames'): string {
    return join(this.#folder, `${track}.${index}.${part}`);
  }
}
