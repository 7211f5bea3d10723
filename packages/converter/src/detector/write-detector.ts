import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DETECTOR_FILE,
  DETECTOR_FOLDER,
  type DetectorManifest,
  DetectorManifestSchema,
  detectorOrigin,
} from '@styleflow/bundles';
import { assertReplaceable, replaceDirectory } from '@styleflow/files';
import { explainWriteError } from '../bundle/write-bundle.js';

export interface DetectorPlace {
  readonly directory: string;
  /** Also take the place of another detector: one of another kind, or made from other files. */
  readonly mayReplaceOther?: boolean | undefined;
}

export interface WrittenDetector<Manifest extends DetectorManifest> {
  readonly manifest: Manifest;
  /** Of the detector whose place it took: what it was made from. */
  readonly replaced: string | null;
}

/** What a detector is known by before it is written. */
type DetectorFacts<Manifest extends DetectorManifest> = Pick<Manifest, 'kind' | 'source'>;

/**
 * Writes a detector's folder: it appears whole or not at all, and takes the place of the same detector only, unless the caller
 * says so. `fill` writes the files into a new folder and gives what else the manifest says of them.
 * @throws what `fill` throws; JobError `invalid_request` when the folder holds something else or cannot be written.
 */
export async function writeDetector<Manifest extends DetectorManifest>(
  { directory, mayReplaceOther = false }: DetectorPlace,
  facts: DetectorFacts<Manifest>,
  fill: (fresh: string) => Promise<Omit<Manifest, 'format' | 'createdAt' | 'kind' | 'source'>>,
): Promise<WrittenDetector<Manifest>> {
  const assertPlace = () =>
    assertReplaceable(directory, { kind: DETECTOR_FOLDER, origin: detectorOrigin(facts), mayReplaceOther });
  await assertPlace();
  let written: WrittenDetector<Manifest> | undefined;
  const write = async (fresh: string): Promise<void> => {
    const manifest = { format: 1, ...facts, ...(await fill(fresh)), createdAt: new Date().toISOString() };
    const text = JSON.stringify(DetectorManifestSchema.parse(manifest), null, 2);
    await writeFile(join(fresh, DETECTOR_FILE), `${text}\n`, { flush: true });
    // Filling takes its time: somebody else may have put another detector there.
    const standing = await assertPlace();
    written = { manifest: manifest as unknown as Manifest, replaced: standing?.title ?? null };
  };
  await replaceDirectory(directory, write, async () => false).catch((error: unknown) => {
    throw explainWriteError(directory, error, 'detector');
  });
  if (!written) throw new Error(`the detector in ${directory} was not written`);
  return written;
}
