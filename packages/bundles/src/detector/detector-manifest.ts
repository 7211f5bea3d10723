import { type FolderKind, type Origin, WEIGHTS_FILE } from '@styleflow/files';
import { z } from 'zod';
import { HeadThresholdsSchema, ScoreKindSchema, SeenSizeSchema, StridesSchema } from './detector-network.js';

/** The manifest's file name in a detector's folder. */
export const DETECTOR_FILE = 'detector.json';
/** The network's file name there, for a RetinaFace as well as for a foreign model with our nodes around it. */
export const DETECTOR_GRAPH = 'retinaface.onnx';
export const HEADS_GRAPH = 'detector.onnx';

const Sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');

const RetinaFaceManifestSchema = z.object({
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

/**
 * The descriptor of a foreign detector as it was understood. The fields that only the graph uses are kept for people.
 */
const NetworkSchema = z.object({
  size: SeenSizeSchema,
  strides: StridesSchema,
  anchors: z.int().min(1),
  scoreKind: ScoreKindSchema,
  pad: z.number(),
  colour: z.enum(['RGB', 'BGR']),
  scale: z.string(),
  mean: z.array(z.number()),
  std: z.array(z.number()),
});

const HeadsManifestSchema = z.object({
  format: z.literal(1),
  kind: z.enum(['yunet', 'scrfd']),
  thresholds: HeadThresholdsSchema,
  network: NetworkSchema,
  graph: z.literal(HEADS_GRAPH),
  files: z.object({ [HEADS_GRAPH]: Sha256Schema, [WEIGHTS_FILE]: Sha256Schema.optional() }),
  source: z.array(z.object({ file: z.string(), sha256: Sha256Schema, role: z.enum(['onnx', 'onnx-data']) })),
  createdAt: z.iso.datetime(),
});

/** `detector.json`: what a detector's folder says of itself. */
export const DetectorManifestSchema = z.discriminatedUnion('kind', [RetinaFaceManifestSchema, HeadsManifestSchema]);
export type DetectorManifest = z.infer<typeof DetectorManifestSchema>;
export type RetinaFaceManifest = z.infer<typeof RetinaFaceManifestSchema>;
export type HeadsManifest = z.infer<typeof HeadsManifestSchema>;

/**
 * The thresholds of the original service. Its first threshold, 0.02, is left out because it decides nothing: a weaker
 * proposal never suppresses a better one, and proposals below `minScore` are not reported.
 */
export const REFERENCE_THRESHOLDS: RetinaFaceManifest['thresholds'] = {
  minScore: 0.5,
  maxCandidates: 5000,
  overlap: 0.4,
  maxFaces: 750,
};

/** How a detector's folder is read and named when a new detector is to replace it. */
export const DETECTOR_FOLDER: FolderKind = {
  noun: 'detector',
  manifest: DETECTOR_FILE,
  beside: [],
  read: (json) => {
    const manifest = DetectorManifestSchema.parse(json);
    return {
      title: `a ${manifest.kind} detector made from ${manifest.source.map(({ file }) => file).join(', ')}`,
      files: Object.keys(manifest.files),
      origin: detectorOrigin(manifest),
    };
  },
};

/**
 * What a detector was made as and from. Thresholds and the rest of a descriptor are left out: an import that sets them
 * anew still makes the same detector.
 */
export function detectorOrigin({ kind, source }: Pick<DetectorManifest, 'kind' | 'source'>): Origin {
  return { traits: { kind }, sources: source };
}
