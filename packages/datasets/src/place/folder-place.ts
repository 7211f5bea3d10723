import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import type { DatasetPlace } from './dataset-place.js';

/**
 * A data set's place in a folder of this machine or of one that several share. A file is written beside its place, synced and moved
 * there: killed at any moment, it leaves the whole file or none, and perhaps a `.…part` that nobody reads.
 * @throws JobError `storage_unavailable` where the folder cannot be written: full, read-only, not there.
 */
export function folderPlace(folder: string): DatasetPlace {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, ...key.split('/'));
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (error instanceof JobError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
      throw new JobError('storage_unavailable', `${root} cannot be read or written (${code})`, { cause: error });
    }
  };
  const write = (key: string, fill: (draft: FileHandle) => Promise<void>): Promise<void> =>
    guard(async () => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
      try {
        const file = await open(draft, 'wx');
        try {
          await fill(file);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    });
  return {
    address: root,
    get: (key) => guard(() => readFile(pathOf(key)).catch(nullIfAbsent)),
    put: (key, body) => write(key, (draft) => draft.writeFile(body)),
    async putStream(key, body, { signal }) {
      const hash = createHash('sha256');
      let bytes = 0;
      await write(key, async (draft) => {
        for await (const chunk of body) {
          signal?.throwIfAborted();
          hash.update(chunk);
          bytes += chunk.length;
          await draft.writeFile(chunk);
        }
      });
      return { bytes, sha256: hash.digest('hex') };
    },
    getStream: (key) =>
      guard(async () => {
        const facts = await stat(pathOf(key)).catch(nullIfAbsent);
        if (facts === null) return null;
        return { stream: createReadStream(pathOf(key)), bytes: facts.size, contentType: 'application/octet-stream' };
      }),
    delete: (keys) =>
      guard(async () => {
        for (const key of keys) await rm(pathOf(key), { force: true });
      }),
  };
}

function nullIfAbsent(error: unknown): null {
  const { code } = error as { code?: string };
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}
