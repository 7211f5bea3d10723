import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { JobError, ModelBundleSchema } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';

/**
 * Copies a bundle from the object store (which is opened at the bundle's prefix) into a folder of `cache`, and answers
 * that folder. Files that an earlier start left whole are kept; who opens the bundle verifies their digests. The folder's
 * name follows from the manifest, so a changed bundle gets a new one.
 * @throws JobError `bundle_unknown` when there is no bundle, `storage_unavailable` in an outage.
 */
export async function fetchBundle(store: ObjectStore, cache: string): Promise<string> {
  const text = await store.get('bundle.json');
  if (text === null) throw new JobError('bundle_unknown', `there is no bundle.json at ${store.address}`);
  const manifest = ModelBundleSchema.parse(JSON.parse(text.toString()));
  const folder = join(cache, createHash('sha256').update(text).digest('hex').slice(0, 16));
  for (const path of [...Object.keys(manifest.files), 'bundle.json']) {
    await fetchFile(store, path, join(folder, path));
  }
  return folder;
}

async function fetchFile(store: ObjectStore, key: string, file: string): Promise<void> {
  const found = await store.getStream(key);
  if (!found) throw new JobError('bundle_unknown', `the bundle at ${store.address} lacks its file ${key}`);
  if ((await sizeOf(file)) === found.bytes) {
    found.stream.destroy();
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  // Renamed when whole: a killed start leaves no half file under the real name.
  const partial = `${file}.${process.pid}.part`;
  await pipeline(found.stream, createWriteStream(partial));
  await rename(partial, file);
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch {
    return null;
  }
}
