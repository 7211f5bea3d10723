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
  /** Also replace another detector: one of another kind, or one made from other files. */
  readonly mayReplaceOther?: boolean | undefined;
}

export interface WrittenDetector<Manifest extends DetectorManifest> {
  readonly manifest: Manifest;
  /** What the replaced detector was made from. */
  readonly replaced: string | null;
}

/** The facts that identify a detector, known before it is written. */
type DetectorFacts<Manifest extends DetectorManifest> = Pick<Manifest, 'kind' | 'source'>;

/**
 * Writes a detector's folder, which appears whole or not at all. It replaces the same detector; another one only when
 * the caller says so. `fill` writes the files into a new folder and returns what else the manifest says of them.
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
    // Checked again, because another process may have placed a detector there while `fill` ran.
    const standing = await assertPlace();
    written = { manifest: manifest as unknown as Manifest, replaced: standing?.title ?? null };
  };
  await replaceDirectory(directory, write, async () => false).catch((error: unknown) => {
    throw explainWriteError(directory, error, 'detector');
  });
  if (!written) throw new Error(`the detector in ${directory} was not written`);
  return written;
}
