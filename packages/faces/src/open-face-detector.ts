import { openSession } from '@styleflow/inference';
import { BundledDetector } from './bundled-detector.js';
import type { RetinaFaceLimits } from './decode-retinaface.js';
import type { FaceDetector } from './face-detector.js';
import { FaceMesh } from './face-mesh.js';
import { FullRange } from './full-range.js';
import { RetinaFaceDetector } from './retinaface-detector.js';

/** The two graphs of the bundled detector, as files. */
export interface FaceModelFiles {
  readonly fullRange: string;
  readonly faceMesh: string;
}

/** An imported RetinaFace: its graph, as a file, and its thresholds. */
export interface RetinaFaceModel {
  readonly retinaface: string;
  readonly limits: RetinaFaceLimits;
}

export type DetectorModel = FaceModelFiles | RetinaFaceModel;

/**
 * Opens a detector. It runs on the CPU, where the small networks are faster than a copy to a card and back.
 * @throws JobError `internal` when a file cannot be loaded.
 */
export async function openFaceDetector(
  model: DetectorModel,
  options: { readonly threads: number },
): Promise<FaceDetector> {
  const settings = { providers: ['cpu'], threads: options.threads } as const;
  if ('retinaface' in model) return new RetinaFaceDetector(await openSession(model.retinaface, settings), model.limits);
  const search = new FullRange(await openSession(model.fullRange, settings));
  return new BundledDetector(search, new FaceMesh(await openSession(model.faceMesh, settings)));
}
