import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explainWriteError } from '../bundle/write-bundle.js';
import { replaceDirectory } from '../files/replace-directory.js';
import { DETECTOR_FILE, type DetectorManifest, DetectorManifestSchema } from './detector-manifest.js';

/**
 * Writes a detector's folder: it appears whole or not at all. `fill` writes the files into a new folder and gives what the
 * manifest says of them.
 * @throws what `fill` throws; JobError `invalid_request` when the folder cannot be written there.
 */
export async function writeDetector<Manifest extends DetectorManifest>(
  directory: string,
  fill: (fresh: string) => Promise<Omit<Manifest, 'format' | 'createdAt'>>,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const write = async (fresh: string): Promise<void> => {
    const facts = await fill(fresh);
    manifest = { format: 1, ...facts, createdAt: new Date().toISOString() } as Manifest;
    const text = JSON.stringify(DetectorManifestSchema.parse(manifest), null, 2);
    await writeFile(join(fresh, DETECTOR_FILE), `${text}\n`, { flush: true });
  };
  await replaceDirectory(directory, write, async () => false).catch((error: unknown) => {
    throw explainWriteError(directory, error, 'detector');
  });
  if (!manifest) throw new Error(`the detector in ${directory} was not written`);
  return manifest;
}
