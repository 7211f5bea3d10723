import { z } from 'zod';
import type { FolderKind } from './replaceable-folder.js';

/** The manifest's file name in a detector's folder. */
export const DETECTOR_FILE = 'detector.json';
/** The network's file name there. */
export const DETECTOR_GRAPH = 'retinaface.onnx';

const Sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');

/** `detector.json`: what a detector's folder says of itself. */
export const DetectorManifestSchema = z.object({
  format: z.literal(1),
  kind: z.literal('retinaface'),
  thresholds: z.object({
    minScore: z.number().min(0).max(1).describe('Weakest face that is reported.'),
    maxCandidates: z.int().min(1).describe('Proposals looked at, best first.'),
    overlap: z.number().min(0).max(1).describe('Overlap (IoU) above which the weaker of two boxes is dropped.'),
    maxFaces: z.int().min(1).describe('Faces reported of one frame, best first.'),
  }),
  graph: z.literal(DETECTOR_GRAPH),
  files: z.object({ [DETECTOR_GRAPH]: Sha256Schema }),
  source: z.array(z.object({ file: z.string(), sha256: Sha256Schema, role: z.literal('retinaface') })),
  createdAt: z.iso.datetime(),
});
export type DetectorManifest = z.infer<typeof DetectorManifestSchema>;

/**
 * Those of the original service. Its first threshold, 0.02, decides nothing: a weaker proposal never drops a better one, and
 * what is below `minScore` is not reported.
 */
export const REFERENCE_THRESHOLDS: DetectorManifest['thresholds'] = {
  minScore: 0.5,
  maxCandidates: 5000,
  overlap: 0.4,
  maxFaces: 750,
};

/** What a new detector may take the place of. */
export const DETECTOR_FOLDER: FolderKind = {
  noun: 'detector',
  manifest: DETECTOR_FILE,
  beside: [],
  files: (manifest) => Object.keys(DetectorManifestSchema.parse(manifest).files),
};
