import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkpointError, fileDigest } from '@styleflow/files';
import { DETECTOR_FILE, type DetectorManifest, DetectorManifestSchema } from './detector-manifest.js';

export interface OpenedDetector {
  readonly manifest: DetectorManifest;
  /** Absolute path of the graph. */
  readonly graphPath: string;
  /** Absolute paths of the network's files: the graph, then weights beside it. */
  readonly files: readonly string[];
}

/**
 * Opens a face detector's folder and verifies the SHA-256 of its files.
 * @throws JobError `invalid_request` when there is no detector, its manifest is not valid, or the network is missing or changed.
 */
export async function openDetector(directory: string): Promise<OpenedDetector> {
  const root = resolve(directory);
  const path = join(root, DETECTOR_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw checkpointError(`there is no detector in ${root}: ${DETECTOR_FILE} cannot be read`, error);
  });
  const manifest = parseManifest(path, text);
  for (const [file, expected] of Object.entries(manifest.files)) await verify(root, file, expected);
  const weightFiles = Object.keys(manifest.files).filter((file) => file !== manifest.graph);
  const files = [manifest.graph, ...weightFiles].map((file) => join(root, file));
  return { manifest, graphPath: join(root, manifest.graph), files };
}

async function verify(root: string, file: string, expected: string): Promise<void> {
  const digest = await fileDigest(join(root, file)).catch((error: unknown) => {
    throw checkpointError(`${file} of the detector in ${root} cannot be read`, error);
  });
  if (digest === expected) return;
  throw checkpointError(`${file} of the detector in ${root} is damaged: its SHA-256 is ${digest}, not ${expected}`);
}

function parseManifest(path: string, text: string): DetectorManifest {
  try {
    return DetectorManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw checkpointError(`${path} is no valid detector manifest`, error);
  }
}
