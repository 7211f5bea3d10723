import { constants } from 'node:fs';
import { access, copyFile, type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import { makeFolders as makeAllFolders } from '@styleflow/files';
import { metrics } from '@styleflow/runtime';
import { checkPrefix } from '../keys/check-key.js';
import { guardStream } from '../port/guard-stream.js';
import { meterBody } from '../port/meter-body.js';
import type { ObjectFacts, ObjectStore, SignedUpload } from '../port/object-store.js';
import type { PartUploads } from '../port/part-uploads.js';
import { ContentTypes } from './content-types.js';
import { Drafts } from './drafts.js';
import { fileOutage } from './file-outage.js';
import { filePartUploads } from './file-part-uploads.js';
import { keyFile, makeFolders, nullIfGone, pruneFolders, walkKeys } from './key-files.js';
import {
  readUploadQuery,
  readUploadSecret,
  signUploadQuery,
  UPLOAD_PATH,
  type UploadPermission,
} from './upload-signature.js';
import { readWhole, writeWhole } from './whole-file.js';

/** Read at once: each turn to the disk waits on a busy machine, and videos have gigabytes. */
const READ_BYTES = 1024 * 1024;

export interface FileObjectStoreOptions {
  readonly folder: string;
  /** Gives the address of the API that serves signed uploads. It is a function because the port is known only later. */
  readonly publicUrl?: (() => string) | undefined;
}

/**
 * Objects as files of one folder, which the processes of one machine share:
 *
 *     objects/   one file a key, at the key's path
 *     types/     content types that a key's ending does not tell
 *     drafts/    what is being written; renamed into its place when whole
 *     upload-secret
 */
export class FileObjectStore implements ObjectStore {
  readonly address: string;
  readonly parts: PartUploads = filePartUploads(this);
  readonly #objects: string;
  readonly #drafts: Drafts;
  readonly #types: ContentTypes;
  readonly #folder: string;
  /** Null until the store was joined: it lies in the folder. */
  #secret: Buffer | null = null;
  readonly #publicUrl: (() => string) | undefined;

  private constructor(folder: string, publicUrl: (() => string) | undefined) {
    this.address = `file:${folder}`;
    this.#folder = folder;
    this.#objects = join(folder, 'objects');
    this.#drafts = new Drafts(join(folder, 'drafts'));
    this.#types = new ContentTypes(join(folder, 'types'));
    this.#publicUrl = publicUrl;
  }

  /** The store in that folder, whether it is there or not: nothing is touched. `make` or `join` come before signed uploads. */
  static at(options: FileObjectStoreOptions): FileObjectStore {
    return new FileObjectStore(resolve(options.folder), options.publicUrl);
  }

  /** Makes the folder when it is missing. */
  static async open(options: FileObjectStoreOptions): Promise<FileObjectStore> {
    const store = FileObjectStore.at(options);
    await store.make();
    return store;
  }

  /** Makes the folders that are missing. Only for who may take an empty place for a new store: no other call makes them again. */
  async make(): Promise<void> {
    await this.#guard(async () => {
      for (const folder of this.#folders()) await makeAllFolders(folder);
      await this.join();
    });
  }

  /** Takes part in a store that is there. @throws JobError `storage_unavailable` when it is not, and leaves the place as it is */
  async join(): Promise<void> {
    await this.#guard(async () => {
      for (const folder of this.#folders()) await access(folder);
      this.#secret = await readUploadSecret(this.#folder);
      await this.#drafts.deleteStale();
    });
  }

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    await this.#write(key, contentType, (draft) => draft.writeFile(body));
    metrics.bytesStored(Buffer.byteLength(body));
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ bytes: number; sha256: string }> {
    const metered = meterBody(body, options);
    try {
      await this.#write(key, options.contentType, async (draft) => {
        for await (const chunk of metered.chunks) await writeWhole(draft, chunk);
      });
    } catch (error) {
      throw metered.failure === undefined ? error : metered.failure.thrown;
    }
    const total = metered.total();
    metrics.bytesStored(total.bytes);
    return total;
  }

  async get(key: string): Promise<Buffer | null> {
    const handle = await this.#openObject(key);
    if (handle === null) return null;
    return this.#guard(() => readWhole(handle).finally(() => handle.close()));
  }

  async getStream(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ stream: Readable; bytes: number; contentType: string } | null> {
    signal?.throwIfAborted();
    const handle = await this.#openObject(key);
    if (handle === null) return null;
    return this.#guard(async () => {
      try {
        const [{ size: bytes }, contentType] = await Promise.all([handle.stat(), this.#types.read(key)]);
        // The stream reads the open file, so it goes on with the same object even when the key is written or deleted.
        const toError = (cause: unknown): Error => fileOutage(this.address, cause);
        return {
          stream: guardStream(handle.createReadStream({ highWaterMark: Math.max(1, Math.min(bytes, READ_BYTES)) }), {
            bytes,
            toError,
            signal,
          }),
          bytes,
          contentType,
        };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  async head(key: string): Promise<ObjectFacts | null> {
    const facts = await this.#guard(() => stat(keyFile(this.#objects, key)).catch(nullIfGone));
    if (!facts?.isFile()) return this.#absent();
    return { key, bytes: facts.size, modifiedAt: facts.mtime };
  }

  async *list(prefix: string): AsyncIterable<ObjectFacts> {
    await this.#absent();
    try {
      yield* walkKeys(this.#objects, prefix);
    } catch (error) {
      throw fileOutage(this.address, error);
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#absent();
    for (const key of keys) {
      const file = keyFile(this.#objects, key);
      await this.#guard(async () => {
        await rm(file).then(() => pruneFolders(this.#objects, file), nullIfGone);
        await this.#types.forget(key);
      });
    }
  }

  async deletePrefix(prefix: string): Promise<number> {
    let deleted = 0;
    for await (const { key } of this.list(checkPrefix(prefix))) {
      await this.delete([key]);
      deleted += 1;
    }
    return deleted;
  }

  async copy(from: string, to: string): Promise<boolean> {
    if ((await this.head(from)) === null) return false;
    return this.#guard(async () => {
      const source = keyFile(this.#objects, from);
      return this.#drafts.with(async (draft) => {
        // Files are replaced, never changed, so two keys may be links to one file. Where links are not possible, it is
        // copied.
        const isMade = await link(source, draft).catch(() => copyFile(source, draft).catch(nullIfGone));
        if (isMade === null) return false;
        await this.#commit(draft, to, await this.#types.read(from));
        return true;
      });
    });
  }

  async signUpload(key: string, options: Parameters<ObjectStore['signUpload']>[1]): Promise<SignedUpload> {
    if (this.#publicUrl === undefined) {
      throw new JobError('internal', 'This process does not serve uploads, so it cannot sign them');
    }
    keyFile(this.#objects, key);
    const expiresAt = new Date((Math.floor(Date.now() / 1000) + options.expiresInSeconds) * 1000);
    const query = signUploadQuery(this.#joined(), { key, expiresAt, maxBytes: options.maxBytes, bytes: options.bytes });
    const base = this.#publicUrl().replace(/\/+$/, '');
    return { url: `${base}${UPLOAD_PATH}?${query}`, method: 'PUT', headers: lengthHeader(options.bytes), expiresAt };
  }

  /** See `readUploadQuery`. */
  verifyUpload(query: unknown, now: Date): UploadPermission {
    return readUploadQuery(this.#joined(), query, now);
  }

  /** There is no other store behind the same address, as far as this one knows. */
  async confirm(): Promise<void> {}

  async check(): Promise<void> {
    await this.#guard(async () => {
      for (const name of ['objects', 'drafts']) await access(join(this.#folder, name), constants.W_OK | constants.X_OK);
      await this.#drafts.check();
    });
  }

  async close(): Promise<void> {
    // Nothing stays open between calls.
  }

  #folders(): string[] {
    return ['objects', 'types', 'drafts'].map((name) => join(this.#folder, name));
  }

  #joined(): Buffer {
    if (this.#secret !== null) return this.#secret;
    throw new JobError('storage_unavailable', `The object store ${this.address} has not been joined yet`);
  }

  async #write(key: string, contentType: string, fill: (draft: FileHandle) => Promise<void>): Promise<void> {
    await this.#guard(async () => {
      keyFile(this.#objects, key);
      await this.#drafts.write(fill, (draft) => this.#commit(draft, key, contentType));
    });
  }

  async #commit(draft: string, key: string, contentType: string): Promise<void> {
    const file = keyFile(this.#objects, key);
    for (;;) {
      try {
        await this.#types.write(key, contentType);
        await makeFolders(this.#objects, dirname(file));
        return await rename(draft, file);
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENOTEMPTY') {
          throw new JobError('invalid_request', `${key} is the folder of another key, or inside of one`);
        }
        // Another process has just deleted the empty folder: make it again, unless the draft or the store itself is missing.
        if (code !== 'ENOENT') throw error;
        for (const path of [draft, ...this.#folders()]) await access(path);
      }
    }
  }

  async #openObject(key: string): Promise<FileHandle | null> {
    const handle = await this.#guard(() => open(keyFile(this.#objects, key), 'r').catch(nullIfGone));
    if (handle === null) return this.#absent();
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return null;
  }

  /**
   * Null for an absent object. Throws when the store's folder is missing (its disk is not mounted): it may then exist.
   */
  async #absent(): Promise<null> {
    await this.#guard(() => access(this.#objects));
    return null;
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileOutage(this.address, error);
    }
  }
}

/** What the address was signed for. */
function lengthHeader(bytes: number | undefined): Record<string, string> {
  return bytes === undefined ? {} : { 'Content-Length': String(bytes) };
}
