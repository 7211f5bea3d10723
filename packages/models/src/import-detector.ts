import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tensorsOfRole } from './checkpoint-role.js';
import {
  DETECTOR_FILE,
  DETECTOR_FOLDER,
  DETECTOR_GRAPH,
  type DetectorManifest,
  DetectorManifestSchema,
  REFERENCE_THRESHOLDS,
} from './detector-manifest.js';
import { fileDigest } from './file-digest.js';
import { usageOf } from './imported-role.js';
import { openCheckpoint } from './read-checkpoint.js';
import { replaceDirectory } from './replace-directory.js';
import { assertReplaceable } from './replaceable-folder.js';
import { retinafaceGraph } from './retinaface.js';
import { explainWriteError } from './write-bundle.js';
import { writeModels } from './write-model.js';

export interface ImportDetectorOptions {
  /** A RetinaFace checkpoint (MobileNet body). */
  readonly retinaface: string;
  /** The detector's folder. */
  readonly directory: string;
}

export interface ImportedDetector {
  readonly manifest: DetectorManifest;
  readonly tensorsUsed: number;
  /** Numbers in the tensors used. */
  readonly parameters: number;
}

/**
 * Makes a face detector's folder from a RetinaFace checkpoint; it appears whole or not at all, and takes only an older
 * detector's place.
 * @throws JobError `invalid_request` that names the file and the tensor, or what else is wrong; nothing is left behind then.
 */
export async function importDetector({ retinaface, directory }: ImportDetectorOptions): Promise<ImportedDetector> {
  await assertReplaceable(directory, DETECTOR_FOLDER);
  const checkpoint = await openCheckpoint(retinaface);
  try {
    const tensors = tensorsOfRole(checkpoint, 'retinaface');
    const graph = retinafaceGraph(tensors);
    tensors.refuseExtra();
    const source = [{ file: basename(retinaface), sha256: await fileDigest(retinaface), role: 'retinaface' }];
    let manifest: DetectorManifest | undefined;
    const fill = async (fresh: string): Promise<void> => {
      const files = await writeModels({ [DETECTOR_GRAPH]: graph }, fresh);
      manifest = DetectorManifestSchema.parse({
        format: 1,
        kind: 'retinaface',
        thresholds: REFERENCE_THRESHOLDS,
        graph: DETECTOR_GRAPH,
        files,
        source,
        createdAt: new Date().toISOString(),
      });
      await writeFile(join(fresh, DETECTOR_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    };
    await replaceDirectory(directory, fill, async () => false).catch((error: unknown) => {
      throw explainWriteError(directory, error, 'detector');
    });
    if (!manifest) throw new Error(`the detector in ${directory} was not written`);
    const { tensorsUsed, parameters } = usageOf(checkpoint, tensors);
    return { manifest, tensorsUsed, parameters };
  } finally {
    await checkpoint.close();
  }
}
