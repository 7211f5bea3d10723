import { openSession } from '@styleflow/inference';
import { BundledDetector } from './bundled-detector.js';
import type { FaceDetector } from './face-detector.js';
import { FaceMesh } from './face-mesh.js';
import { FullRange } from './full-range.js';

/** The two graphs of the bundled detector, as files. */
export interface FaceModelFiles {
  readonly fullRange: string;
  readonly faceMesh: string;
}

/**
 * Opens the bundled detector. It runs on the CPU, where it is faster than a copy to a card and back.
 * @throws JobError `internal` when a file cannot be loaded.
 */
export async function openFaceDetector(
  files: FaceModelFiles,
  options: { readonly threads: number },
): Promise<FaceDetector> {
  const settings = { providers: ['cpu'], threads: options.threads } as const;
  const search = new FullRange(await openSession(files.fullRange, settings));
  return new BundledDetector(search, new FaceMesh(await openSession(files.faceMesh, settings)));
}
