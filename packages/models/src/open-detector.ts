import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkpointError } from './checkpoint-error.js';
import { DETECTOR_FILE, type DetectorManifest, DetectorManifestSchema } from './detector-manifest.js';
import { fileDigest } from './file-digest.js';

export interface OpenedDetector {
  readonly manifest: DetectorManifest;
  /** Absolute. */
  readonly graphPath: string;
}

/**
 * Opens a face detector's folder and verifies the SHA-256 of its network.
 * @throws JobError `invalid_request` when there is no detector, its manifest is not valid, or the network is missing or changed.
 */
export async function openDetector(directory: string): Promise<OpenedDetector> {
  const root = resolve(directory);
  const path = join(root, DETECTOR_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw checkpointError(`there is no detector in ${root}: ${DETECTOR_FILE} cannot be read`, error);
  });
  const manifest = parseManifest(path, text);
  const graphPath = join(root, manifest.graph);
  const digest = await fileDigest(graphPath).catch((error: unknown) => {
    throw checkpointError(`${manifest.graph} of the detector in ${root} cannot be read`, error);
  });
  const expected = manifest.files[manifest.graph];
  if (digest !== expected) {
    throw checkpointError(
      `${manifest.graph} of the detector in ${root} is damaged: its SHA-256 is ${digest}, not ${expected}`,
    );
  }
  return { manifest, graphPath };
}

function parseManifest(path: string, text: string): DetectorManifest {
  try {
    return DetectorManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw checkpointError(`${path} is no valid detector manifest`, error);
  }
}
