import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of everything that `assets-main` writes: made at build time, never committed. */
export function assetsDirectory(): string {
  return fileURLToPath(new URL('../assets', import.meta.url));
}

/** `full-range.onnx` (search for faces) and `face-mesh.onnx` (468 points of one face, and whether it is one). */
export function faceNetsDirectory(): string {
  return join(assetsDirectory(), 'faces');
}

/** The bundle with random weights that demonstrations and tests run: its verdicts are never `fake` or `real`. */
export function untrainedBundleDirectory(): string {
  return join(assetsDirectory(), 'untrained-bundle');
}
