import { createHash } from 'node:crypto';
import type { DetectionMode } from '@styleflow/contracts';
import type { DetectorModel } from '@styleflow/faces';
import { fileDigest } from '@styleflow/files';

type Limits = Extract<DetectorModel, { readonly limits: unknown }>['limits'];

/** Raise it with every change of tracking, cropping, alignment or clip rules that alters pixels. */
const PREPROCESSING_REVISION = 7;

/** SHA-256 over what decides the pixels of a clip: this product's rules, the face detector and how often it looks. */
export async function digestPreprocessing(model: DetectorModel, detection: DetectionMode): Promise<string> {
  const hash = createHash('sha256').update(`styleflow preprocessing ${PREPROCESSING_REVISION} ${detection}\n`);
  for (const digest of await fileDigests(model)) hash.update(digest);
  if ('retinaface' in model) hash.update(`${limitsOf(model.limits)}\n`);
  if ('heads' in model) {
    const { family, size, strides, anchors, scoreKind } = model.layout;
    const { startScore, meanScore } = model.limits;
    hash.update(`${[family, String(size), strides, anchors, scoreKind].join(' ')}\n`);
    hash.update(`${limitsOf(model.limits)} ${startScore} ${meanScore}\n`);
  }
  return hash.digest('hex');
}

/**
 * SHA-256 that names a face detector: that of its network file, or of several, over their digests one after the other.
 */
export async function digestDetector(model: DetectorModel): Promise<string> {
  const [first, ...more] = await fileDigests(model);
  if (first && more.length === 0) return first.toString('hex');
  return createHash('sha256')
    .update(Buffer.concat([...(first ? [first] : []), ...more]))
    .digest('hex');
}

async function fileDigests(model: DetectorModel): Promise<Buffer[]> {
  const digests: Buffer[] = [];
  for (const path of filesOf(model)) digests.push(Buffer.from(await fileDigest(path), 'hex'));
  return digests;
}

function filesOf(model: DetectorModel): readonly string[] {
  if ('retinaface' in model) return [model.retinaface];
  return 'heads' in model ? model.heads : [model.fullRange, model.faceMesh];
}

function limitsOf({ minScore, maxCandidates, overlap, maxFaces }: Limits): string {
  return `${minScore} ${maxCandidates} ${overlap} ${maxFaces}`;
}
