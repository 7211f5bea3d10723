import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BatchId, itemJobId } from '@styleflow/contracts';
import { batchPartsPrefix, claimedUploadKey, type ObjectStore, sourceKey, UPLOADS_PREFIX } from '@styleflow/storage';
import { CommandLine } from '../../system/command-line.js';
import type { SentFile, UploadsEvidence } from './audit-uploads.js';
import type { BatchSystem } from './batch-system.js';

/** The owners of the two folders. */
export type Uploader = 'many' | 'crowd';

/** Files that a command line has on their way at once. */
export const PARALLEL = 4;

/** A folder of files, and where its command line keeps its notes. */
export interface UploadFolder {
  readonly owner: Uploader;
  readonly path: string;
  readonly state: string;
  readonly files: readonly SentFile[];
}

/** Each file begins with a line of its own and is empty space from there on, which costs a disk nothing and is sent like any bytes. */
export async function makeFolder(
  system: BatchSystem,
  owner: Uploader,
  count: number,
  mib: number,
): Promise<UploadFolder> {
  const path = join(system.folder, owner);
  await mkdir(path);
  const size = mib * 2 ** 20;
  const files: SentFile[] = [];
  for (let n = 0; n < count; n += 1) {
    const name = `${String(n).padStart(5, '0')}.mp4`;
    const head = Buffer.from(`file ${n} of ${owner}\n`);
    const file = await open(join(path, name), 'w');
    await file.write(head);
    await file.truncate(size);
    await file.close();
    const digest = createHash('sha256')
      .update(head)
      .update(Buffer.alloc(size - head.length))
      .digest('hex');
    files.push({ name, sha256: digest });
  }
  return { owner, path, state: join(system.folder, `${owner}-state`), files };
}

/** `styleflow batch submit FOLDER`, as a process of its own. */
export function startUpload({ url, keyOf }: BatchSystem, { owner, path, state }: UploadFolder): CommandLine {
  const env = { STYLEFLOW_API: url, STYLEFLOW_API_KEY: keyOf(owner), XDG_STATE_HOME: state };
  return new CommandLine(['batch', 'submit', path, '--json', '--parallel', String(PARALLEL)], { env });
}

/** Uploads by the name of their file, as the command line has noted them. A line that was broken off counts for nothing. */
export async function journalOf({ state }: UploadFolder): Promise<Map<string, string>> {
  const folder = join(state, 'styleflow', 'uploads');
  const noted = new Map<string, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    for (const line of (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n')) {
      const entry = parsed(line);
      // Of a long file its parts are noted before it is whole.
      if (entry !== null && entry.isWhole !== false) noted.set(basename(entry.path), entry.uploadId);
    }
  }
  return noted;
}

function parsed(line: string): { path: string; uploadId: string; isWhole?: boolean } | null {
  try {
    return JSON.parse(line) as { path: string; uploadId: string; isWhole?: boolean };
  } catch {
    return null;
  }
}

/** Uploads that lie whole in the store. */
export async function uploadsOf(store: ObjectStore, owner: Uploader): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { key } of store.list(`${UPLOADS_PREFIX}${owner}/`)) ids.add(basename(key));
  return ids;
}

/** Items as the store keeps them, with the digest of the bytes that the batch or the item's job has. */
export async function itemsOf(store: ObjectStore, batch: BatchId): Promise<UploadsEvidence['items']> {
  const items: { id: string; uploadId: string; sha256: string | null }[] = [];
  for await (const { key } of store.list(batchPartsPrefix(batch, 'items'))) {
    const [, ...lines] = String(await store.get(key)).split('\n');
    for (const line of lines.filter((text) => text !== '')) {
      const item = JSON.parse(line) as { index: number; id: string; source: { uploadId: string } };
      const sha256 =
        (await digestOf(store, claimedUploadKey(batch, item.index))) ??
        (await digestOf(store, sourceKey(itemJobId(batch, item.index))));
      items.push({ id: item.id, uploadId: item.source.uploadId, sha256 });
    }
  }
  return items;
}

async function digestOf(store: ObjectStore, key: string): Promise<string | null> {
  const object = await store.getStream(key);
  if (object === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of object.stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
