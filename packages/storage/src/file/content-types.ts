import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { keyFile, nullIfGone, pruneFolders } from './key-files.js';

const BY_ENDING: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.png': 'image/png',
  '.html': 'text/html; charset=utf-8',
};

/** The content type that a key's ending stands for. */
function implied(key: string): string {
  return BY_ENDING[extname(key)] ?? 'application/octet-stream';
}

/**
 * The content types of a file store. An object is the plain file, so that a person can open a report where it lies; a
 * type other than the one that its ending stands for is kept in a file of the same path below a folder of its own.
 * Type and bytes of one key are not changed together: keys are derived, and each is always written with the same type.
 */
export class ContentTypes {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async write(key: string, contentType: string): Promise<void> {
    if (contentType === implied(key)) return this.forget(key);
    const file = keyFile(this.#root, key);
    for (;;) {
      await mkdir(dirname(file), { recursive: true });
      try {
        return await writeFile(file, contentType);
      } catch (error) {
        // The folder was empty and has just been pruned by who deleted its last file: make it again.
        nullIfGone(error);
      }
    }
  }

  async read(key: string): Promise<string> {
    const text = await readFile(keyFile(this.#root, key), 'utf8').catch(nullIfGone);
    // Empty: just being written.
    return text ? text : implied(key);
  }

  async forget(key: string): Promise<void> {
    const file = keyFile(this.#root, key);
    await rm(file).then(() => pruneFolders(this.#root, file), nullIfGone);
  }
}
