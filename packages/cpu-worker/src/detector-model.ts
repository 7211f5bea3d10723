import { join } from 'node:path';
import type { DetectorModel } from '@styleflow/faces';
import { faceNetsDirectory, openDetector } from '@styleflow/models';

/**
 * The face detector that jobs are prepared with: that of `folder`, made by `styleflow models import-detector`, else the
 * bundled one.
 * @throws JobError `invalid_request` when the folder holds no detector, or a damaged one.
 */
export async function detectorModel(folder: string | undefined): Promise<DetectorModel> {
  if (folder === undefined) {
    const nets = faceNetsDirectory();
    return { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') };
  }
  const { graphPath, manifest } = await openDetector(folder);
  return { retinaface: graphPath, limits: manifest.thresholds };
}
