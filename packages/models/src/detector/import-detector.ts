import { basename } from 'node:path';
import { usageOf } from '../bundle/imported-role.js';
import { tensorsOfRole } from '../checkpoint/checkpoint-role.js';
import { openCheckpoint } from '../checkpoint/read-checkpoint.js';
import { fileDigest } from '../files/file-digest.js';
import { assertReplaceable } from '../files/replaceable-folder.js';
import { retinafaceGraph } from '../networks/retinaface.js';
import { writeModels } from '../onnx/write-model.js';
import { DETECTOR_FOLDER, DETECTOR_GRAPH, REFERENCE_THRESHOLDS, type RetinaFaceManifest } from './detector-manifest.js';
import { writeDetector } from './write-detector.js';

export interface ImportDetectorOptions {
  /** A RetinaFace checkpoint (MobileNet body). */
  readonly retinaface: string;
  /** The detector's folder. */
  readonly directory: string;
}

export interface ImportedDetector {
  readonly manifest: RetinaFaceManifest;
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
    const source = [{ file: basename(retinaface), sha256: await fileDigest(retinaface), role: 'retinaface' as const }];
    const manifest = await writeDetector<RetinaFaceManifest>(directory, async (fresh) => ({
      kind: 'retinaface',
      thresholds: REFERENCE_THRESHOLDS,
      graph: DETECTOR_GRAPH,
      files: { [DETECTOR_GRAPH]: (await writeModels({ [DETECTOR_GRAPH]: graph }, fresh))[DETECTOR_GRAPH] ?? '' },
      source,
    }));
    const { tensorsUsed, parameters } = usageOf(checkpoint, tensors);
    return { manifest, tensorsUsed, parameters };
  } finally {
    await checkpoint.close();
  }
}
