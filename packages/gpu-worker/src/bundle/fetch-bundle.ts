import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { JobError, type ModelBundle, ModelBundleSchema } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';

const PARTIAL_SUFFIX = '.part';
/** A partial copy that has not grown for this long belongs to a start that was killed. */
const STALE_PARTIAL_MS = 10 * 60_000;

/**
 * Copies a bundle from the object store, which is opened at the bundle's prefix, into a folder of `cache`, and answers
 * that folder. Each file is verified while it is streamed and gets its name only when it is complete. Files of an
 * earlier start are kept; opening the bundle verifies their digests. The folder's name follows from the manifest, so a
 * changed bundle gets a new folder.
 * @throws JobError `bundle_unknown` when there is no bundle or it is damaged, `storage_unavailable` in an outage.
 */
export async function fetchBundle(store: ObjectStore, cache: string): Promise<string> {
  const text = await store.get('bundle.json');
  if (text === null) throw new JobError('bundle_unknown', `there is no bundle.json at ${store.address}`);
  const manifest = parseManifest(text.toString(), store.address);
  const folder = join(cache, createHash('sha256').update(text).digest('hex').slice(0, 16));
  await mkdir(folder, { recursive: true });
  await removeStalePartials(folder);
  for (const [path, sha256] of Object.entries(manifest.files)) await fetchFile(store, path, sha256, join(folder, path));
  // The manifest is written last and unchanged, so a folder with a manifest has all its files.
  const partial = partialOf(join(folder, 'bundle.json'));
  await writeFile(partial, text);
  await rename(partial, join(folder, 'bundle.json'));
  return folder;
}

function parseManifest(text: string, address: string): ModelBundle {
  try {
    return ModelBundleSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new JobError('bundle_unknown', `bundle.json at ${address} is no valid bundle manifest`, { cause: error });
  }
}

async function fetchFile(store: ObjectStore, key: string, sha256: string, file: string): Promise<void> {
  const found = await store.getStream(key);
  if (!found) throw new JobError('bundle_unknown', `the bundle at ${store.address} lacks its file ${key}`);
  if ((await sizeOf(file)) === found.bytes) {
    found.stream.destroy();
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  // A file is renamed when it is complete, so that a killed start leaves no half file under the real name.
  const partial = partialOf(file);
  try {
    const hash = createHash('sha256');
    const hashed = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    };
    await pipeline(found.stream, hashed, createWriteStream(partial));
    const actual = hash.digest('hex');
    if (actual !== sha256) {
      throw new JobError(
        'bundle_unknown',
        `${key} of the bundle at ${store.address} is damaged: its SHA-256 is ${actual}, not ${sha256}`,
      );
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A name for a partial copy that no other process uses: several workers of a machine may fetch the same bundle. */
function partialOf(file: string): string {
  return `${file}.${process.pid}${PARTIAL_SUFFIX}`;
}

/** Removes partial copies of killed starts, which may hold gigabytes. */
async function removeStalePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(PARTIAL_SUFFIX)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > STALE_PARTIAL_MS) await rm(path, { force: true });
  }
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch {
    return null;
  }
}
