import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of everything that `assets-main` writes. It is made at build time and never committed. */
export function assetsDirectory(): string {
  return fileURLToPath(new URL('../assets', import.meta.url));
}

/**
 * The folder of `full-range.onnx` (finds faces) and `face-mesh.onnx` (468 points of one face, and whether it is a
 * face).
 */
export function faceNetsDirectory(): string {
  return join(assetsDirectory(), 'faces');
}

/** The bundle with random weights for demonstrations and tests. Its verdicts are never `fake` or `real`. */
export function untrainedBundleDirectory(): string {
  return join(assetsDirectory(), 'untrained-bundle');
}
