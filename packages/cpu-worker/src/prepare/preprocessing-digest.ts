import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FaceModelFiles } from '@styleflow/faces';

/** Raise it with every change of tracking, cropping, alignment or clip rules that alters pixels. */
const PREPROCESSING_REVISION = 2;

/** SHA-256 over what decides the pixels of a clip: this product's rules and the two face networks. */
export async function digestPreprocessing(models: FaceModelFiles): Promise<string> {
  const hash = createHash('sha256').update(`styleflow preprocessing ${PREPROCESSING_REVISION}\n`);
  for (const path of [models.fullRange, models.faceMesh]) {
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
  }
  return hash.digest('hex');
}
