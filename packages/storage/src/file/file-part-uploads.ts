import { randomBytes } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import { PARTS_PREFIX } from '../keys/object-keys.js';
import type { ObjectStore } from '../port/object-store.js';
import type { PartUpload, PartUploads, StoredPart } from '../port/part-uploads.js';

/** An object beside the parts, since an upload of which no part has come is one as well. */
const BEGUN = 'begun';
const ENTRY = /^(.+)\/([0-9a-f]{32})\/(begun|\d{5})$/;

type Files = Pick<ObjectStore, 'put' | 'putStream' | 'get' | 'head' | 'list' | 'deletePrefix' | 'signUpload'>;

/**
 * Uploads in parts of the file store: each part is an object of its own until they are joined, which copies them into one file. A part
 * that was written straight into that file could still be sent when it had become the object.
 */
export function filePartUploads(files: Files): PartUploads {
  const folder = ({ key, ref }: PartUpload): string => `${PARTS_PREFIX}${key}/${ref}/`;
  /** Copying gigabytes takes minutes: whoever asks again meanwhile waits for the same copy. */
  const joining = new Map<string, Promise<boolean>>();
  const partKey = (upload: PartUpload, part: number): string => `${folder(upload)}${String(part).padStart(5, '0')}`;

  async function stored(upload: PartUpload): Promise<StoredPart[] | null> {
    let isBegun = false;
    const parts: StoredPart[] = [];
    for await (const { key, bytes } of files.list(folder(upload))) {
      const name = key.slice(folder(upload).length);
      if (name === BEGUN) isBegun = true;
      else parts.push({ part: Number(name), bytes });
    }
    return isBegun ? parts : null;
  }

  /** A whole part at once: on a busy machine each turn to the disk and back waits, and small pieces of gigabytes take many. */
  async function* bytesOf(upload: PartUpload, count: number): AsyncGenerator<Uint8Array, void> {
    for (let part = 1; part <= count; part += 1) {
      const bytes = await files.get(partKey(upload, part));
      if (bytes === null) throw new JobError('conflict', `Part ${part} is not there.`);
      yield bytes;
    }
  }

  async function join(upload: PartUpload, count: number): Promise<boolean> {
    if ((await files.head(`${folder(upload)}${BEGUN}`)) === null) return false;
    await files.putStream(upload.key, bytesOf(upload, count), { contentType: 'application/octet-stream' });
    await files.deletePrefix(folder(upload));
    return true;
  }

  return {
    async begin(key) {
      const upload = { key, ref: randomBytes(16).toString('hex') };
      await files.put(`${folder(upload)}${BEGUN}`, '', 'application/octet-stream');
      return upload;
    },
    sign: (upload, { part, bytes, expiresInSeconds }) =>
      files.signUpload(partKey(upload, part), { expiresInSeconds, maxBytes: bytes, bytes }),
    stored,
    join(upload, count) {
      const name = folder(upload);
      const underWay = joining.get(name) ?? join(upload, count).finally(() => joining.delete(name));
      joining.set(name, underWay);
      return underWay;
    },
    async abort(upload) {
      await files.deletePrefix(folder(upload));
    },
    async *open(prefix) {
      type Found = PartUpload & { readonly since: Date };
      let last = null as Found | null;
      for await (const { key: path, modifiedAt: since } of files.list(`${PARTS_PREFIX}${prefix}`)) {
        const [, key, ref] = ENTRY.exec(path.slice(PARTS_PREFIX.length)) ?? [];
        if (key === undefined || ref === undefined) continue;
        if (last !== null && last.ref !== ref) yield last;
        // Of several parts the last one that came.
        if (last === null || last.ref !== ref || since > last.since) last = { key, ref, since };
      }
      if (last !== null) yield last;
    },
  };
}
