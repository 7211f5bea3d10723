import { basename } from 'node:path';
import { DETECTOR_FOLDER, DETECTOR_GRAPH, REFERENCE_THRESHOLDS, type RetinaFaceManifest } from '@styleflow/bundles';
import { openCheckpoint, tensorsOfRole } from '@styleflow/checkpoints';
import { assertReplaceable, fileDigest } from '@styleflow/files';
import { writeModels } from '@styleflow/onnx';
import { usageOf } from '../bundle/imported-role.js';
import { retinafaceGraph } from '../networks/retinaface.js';
import { type DetectorPlace, type WrittenDetector, writeDetector } from './write-detector.js';

const KIND = 'retinaface' as const;

export interface ImportDetectorOptions extends DetectorPlace {
  /** A RetinaFace checkpoint (MobileNet body). */
  readonly retinaface: string;
}

export interface ImportedDetector extends WrittenDetector<RetinaFaceManifest> {
  readonly tensorsUsed: number;
  /** Count of the numbers in the tensors used. */
  readonly parameters: number;
}

/**
 * Makes a face detector's folder from a RetinaFace checkpoint. The folder appears whole or not at all, and replaces the
 * same detector; another one only when the caller says so.
 * @throws JobError `invalid_request` that names the file and the tensor, or what else is wrong; nothing is left behind
 * then.
 */
export async function importDetector({ retinaface, ...place }: ImportDetectorOptions): Promise<ImportedDetector> {
  const { directory, mayReplaceOther = false } = place;
  await assertReplaceable(directory, { kind: DETECTOR_FOLDER, origin: { traits: { kind: KIND } }, mayReplaceOther });
  const checkpoint = await openCheckpoint(retinaface);
  try {
    const tensors = tensorsOfRole(checkpoint, 'retinaface');
    const graph = retinafaceGraph(tensors);
    tensors.refuseExtra();
    const source = [{ file: basename(retinaface), sha256: await fileDigest(retinaface), role: KIND }];
    const written = await writeDetector<RetinaFaceManifest>(place, { kind: KIND, source }, async (fresh) => ({
      thresholds: REFERENCE_THRESHOLDS,
      graph: DETECTOR_GRAPH,
      files: { [DETECTOR_GRAPH]: (await writeModels({ [DETECTOR_GRAPH]: graph }, fresh))[DETECTOR_GRAPH] ?? '' },
    }));
    const { tensorsUsed, parameters } = usageOf(checkpoint, tensors);
    return { ...written, tensorsUsed, parameters };
  } finally {
    await checkpoint.close();
  }
}
