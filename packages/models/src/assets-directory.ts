import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of everything that `assets-main` writes: made at build time, never committed. */
export function assetsDirectory(): string {
  return fileURLToPath(new URL('../assets', import.meta.url));
}

/** `blazeface-back.onnx` (face detection) and `landmarks-68.onnx` (68 points of one face). */
export function faceNetsDirectory(): string {
  return join(assetsDirectory(), 'faces');
}

/** The bundle with random weights that demonstrations and tests run: its verdicts are never `fake` or `real`. */
export function untrainedBundleDirectory(): string {
  return join(assetsDirectory(), 'untrained-bundle');
}
