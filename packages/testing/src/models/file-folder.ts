import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A new folder for each test. */
export interface FileFolder {
  path(name: string): string;
  /** Writes a file into the folder and answers its path. */
  store(bytes: Uint8Array, name?: string): Promise<string>;
}

/** Call it once at the top of a test file. */
export function fileFolder(): FileFolder {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  return {
    path: (name) => join(folder, name),
    async store(bytes, name = 'file.pth') {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
  };
}
