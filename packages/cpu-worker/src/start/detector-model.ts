import { join } from 'node:path';
import { faceNetsDirectory, openDetector } from '@styleflow/bundles';
import type { DetectorModel } from '@styleflow/faces';

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
  const { files, graphPath, manifest } = await openDetector(folder);
  if (manifest.kind === 'retinaface') return { retinaface: graphPath, limits: manifest.thresholds };
  const { kind: family, network, thresholds } = manifest;
  const { size, strides, anchors, scoreKind } = network;
  const [, ...data] = files;
  return { heads: [graphPath, ...data], layout: { family, size, strides, anchors, scoreKind }, limits: thresholds };
}
