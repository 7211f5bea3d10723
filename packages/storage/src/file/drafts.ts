import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nullIfGone } from './key-files.js';

/** A draft older than this was left by a killed writer, since no write takes so long. */
const STALE_DRAFT_MS = 24 * 3600 * 1000;

/**
 * What is being written to a file store: each in a file of its own, apart from what readers see, until it is whole and can be renamed
 * into its place.
 */
export class Drafts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Fills a new draft and hands it to `commit` once its bytes are on the disk. Nothing of it stays, whatever happens. */
  async write(fill: (draft: FileHandle) => Promise<void>, commit: (draft: string) => Promise<void>): Promise<void> {
    await this.with(async (draft) => {
      const handle = await open(draft, 'wx');
      try {
        await fill(handle);
        // The bytes must be on the disk before the rename, else a power cut could leave the name with half of them.
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await commit(draft);
    });
  }

  /** Runs `task` with the path of a draft that is not there yet; it is gone afterwards. */
  async with<T>(task: (draft: string) => Promise<T>): Promise<T> {
    const draft = join(this.#folder, randomUUID());
    try {
      return await task(draft);
    } finally {
      // Renaming a link over another link of the same file does nothing and leaves both, so it may still be there.
      await rm(draft, { force: true });
    }
  }

  /** Writes and reads a small draft. */
  async check(): Promise<void> {
    await this.with(async (probe) => {
      await writeFile(probe, probe, { flag: 'wx' });
      if ((await readFile(probe, 'utf8')) !== probe) throw new Error('what is written cannot be read');
    });
  }

  /** On a disk that is full or can only be read nothing is deleted. */
  async deleteStale(): Promise<void> {
    const now = await this.#timeOfDisk().catch(() => null);
    if (now === null) return;
    for (const name of await readdir(this.#folder)) {
      const draft = join(this.#folder, name);
      const facts = await stat(draft).catch(nullIfGone);
      if (facts !== null && now - facts.mtimeMs > STALE_DRAFT_MS) await rm(draft, { force: true });
    }
  }

  /** By the clock that dates the drafts: this process's own may be another, and wrong. */
  #timeOfDisk(): Promise<number> {
    return this.with(async (probe) => {
      await writeFile(probe, '');
      return (await stat(probe)).mtimeMs;
    });
  }
}
