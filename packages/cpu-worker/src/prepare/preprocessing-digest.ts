import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DetectorModel } from '@styleflow/faces';

/** Raise it with every change of tracking, cropping, alignment or clip rules that alters pixels. */
const PREPROCESSING_REVISION = 2;

/** SHA-256 over what decides the pixels of a clip: this product's rules and the face detector. */
export async function digestPreprocessing(model: DetectorModel): Promise<string> {
  const hash = createHash('sha256').update(`styleflow preprocessing ${PREPROCESSING_REVISION}\n`);
  const isImported = 'retinaface' in model;
  for (const path of isImported ? [model.retinaface] : [model.fullRange, model.faceMesh]) {
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
  }
  if (isImported) {
    const { minScore, maxCandidates, overlap, maxFaces } = model.limits;
    hash.update(`${minScore} ${maxCandidates} ${overlap} ${maxFaces}\n`);
  }
  return hash.digest('hex');
}
