import { openSession } from '@styleflow/inference';
import { BundledDetector } from './bundled-detector/bundled-detector.js';
import { FaceMesh } from './bundled-detector/face-mesh.js';
import { FullRange } from './bundled-detector/full-range.js';
import type { FaceDetector, TrackScores } from './detection/face-detector.js';
import type { DetectionLimits } from './detection/suppress-detections.js';
import type { HeadLayout } from './imported-detectors/decode-heads.js';
import { HeadsDetector } from './imported-detectors/heads-detector.js';
import { RetinaFaceDetector } from './imported-detectors/retinaface-detector.js';

/** The two graphs of the bundled detector, as files. */
export interface FaceModelFiles {
  readonly fullRange: string;
  readonly faceMesh: string;
}

/** An imported RetinaFace: its graph, as a file, and its thresholds. */
export interface RetinaFaceModel {
  readonly retinaface: string;
  readonly limits: DetectionLimits;
}

/** An imported YuNet or SCRFD. */
export interface HeadsModel {
  /** Paths of the graph and of the files of weights beside it. */
  readonly heads: readonly [graph: string, ...data: string[]];
  readonly layout: HeadLayout;
  readonly limits: DetectionLimits & TrackScores;
}

export type DetectorModel = FaceModelFiles | RetinaFaceModel | HeadsModel;

/**
 * Opens a detector. It runs on the CPU: for networks this small, copying frames to a card and back would take longer.
 * @throws JobError `internal` when a file cannot be loaded.
 */
export async function openFaceDetector(
  model: DetectorModel,
  options: { readonly threads: number },
): Promise<FaceDetector> {
  const settings = { providers: ['cpu'], threads: options.threads } as const;
  if ('retinaface' in model) return new RetinaFaceDetector(await openSession(model.retinaface, settings), model.limits);
  if ('heads' in model)
    return new HeadsDetector(await openSession(model.heads[0], settings), model.layout, model.limits);
  const search = new FullRange(await openSession(model.fullRange, settings));
  return new BundledDetector(search, new FaceMesh(await openSession(model.faceMesh, settings)));
}
