import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DetectorModel } from '@styleflow/faces';

type Limits = Extract<DetectorModel, { readonly limits: unknown }>['limits'];

/** Raise it with every change of tracking, cropping, alignment or clip rules that alters pixels. */
const PREPROCESSING_REVISION = 7;

/** SHA-256 over what decides the pixels of a clip: this product's rules and the face detector. */
export async function digestPreprocessing(model: DetectorModel): Promise<string> {
  const hash = createHash('sha256').update(`styleflow preprocessing ${PREPROCESSING_REVISION}\n`);
  for (const path of filesOf(model)) {
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
  }
  if ('retinaface' in model) hash.update(`${limitsOf(model.limits)}\n`);
  if ('heads' in model) {
    const { family, size, strides, anchors, scoreKind } = model.layout;
    const { startScore, meanScore } = model.limits;
    hash.update(`${[family, String(size), strides, anchors, scoreKind].join(' ')}\n`);
    hash.update(`${limitsOf(model.limits)} ${startScore} ${meanScore}\n`);
  }
  return hash.digest('hex');
}

function filesOf(model: DetectorModel): readonly string[] {
  if ('retinaface' in model) return [model.retinaface];
  return 'heads' in model ? model.heads : [model.fullRange, model.faceMesh];
}

function limitsOf({ minScore, maxCandidates, overlap, maxFaces }: Limits): string {
  return `${minScore} ${maxCandidates} ${overlap} ${maxFaces}`;
}
