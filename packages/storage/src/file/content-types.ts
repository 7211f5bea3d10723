import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { keyFile, makeFolders, nullIfGone, pruneFolders } from './key-files.js';

const BY_ENDING: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.png': 'image/png',
  '.html': 'text/html; charset=utf-8',
};

/** The content type that follows from a key's ending. */
function implied(key: string): string {
  return BY_ENDING[extname(key)] ?? 'application/octet-stream';
}

/**
 * The content types of a file store. An object is a plain file, so that a person can open a report where it lies. A
 * type that does not follow from the key's ending is kept in a second file, with the same path below another folder.
 * The two files are not replaced at the same moment. That does no harm: a key is always written with the same type.
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
      await makeFolders(this.#root, dirname(file));
      try {
        return await writeFile(file, contentType);
      } catch (error) {
        // Another process has just deleted the folder's last file, and the folder with it: make it again.
        nullIfGone(error);
      }
    }
  }

  async read(key: string): Promise<string> {
    const text = await readFile(keyFile(this.#root, key), 'utf8').catch(nullIfGone);
    // An empty file is just being written.
    return text ? text : implied(key);
  }

  async forget(key: string): Promise<void> {
    const file = keyFile(this.#root, key);
    await rm(file).then(() => pruneFolders(this.#root, file), nullIfGone);
  }
}
