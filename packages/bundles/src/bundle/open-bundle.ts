import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleDigest, bundleId, JobError, type ModelBundle, ModelBundleSchema } from '@styleflow/contracts';
import { fileDigest } from '@styleflow/files';
import { MANIFEST_FILE } from './bundle-folder.js';
import { agreesWithFile, CALIBRATION_FILE } from './calibration-file.js';

/** A bundle whose files all exist and match the manifest. */
export interface OpenedBundle {
  /** `name@digest12`. */
  readonly id: string;
  /** SHA-256 over the files' names and digests. */
  readonly digest: string;
  readonly manifest: ModelBundle;
  readonly directory: string;
  /** Absolute path of the graph that workers run; null when the bundle holds parts only. */
  readonly graphPath: string | null;
}

/** The graph that a provider runs: the bundle's form for it, where it has one. */
export interface ProviderGraph {
  /** Its path in the bundle, which scores and results name. */
  readonly file: string;
  /** Its absolute path. */
  readonly path: string;
}

/** A bundle that workers can serve. */
export interface ServableBundle extends OpenedBundle {
  readonly graphPath: string;
  readonly variant: Exclude<ModelBundle['variant'], 'parts'>;
}

/**
 * Opens a bundle to serve it.
 * @throws JobError `bundle_unknown` for whatever `openBundle` refuses, and for a bundle of parts alone.
 */
export async function openServableBundle(directory: string): Promise<ServableBundle> {
  const bundle = await openBundle(directory);
  const { graphPath, manifest } = bundle;
  if (graphPath === null || manifest.variant === 'parts') {
    throw unknown(`${bundle.id} in ${bundle.directory} holds parts only: workers serve a bundle made with --content`);
  }
  return { ...bundle, graphPath, variant: manifest.variant };
}

/**
 * Which graph of the bundle the provider runs. The import has fixed it; nothing is measured.
 * @returns null when the bundle holds parts only
 */
export function graphOf({ directory, manifest }: OpenedBundle, provider: string): ProviderGraph | null {
  const { graph, graphs = {} } = manifest;
  const file = Object.hasOwn(graphs, provider) ? graphs[provider] : graph;
  return file === undefined ? null : { file, path: join(directory, file) };
}

/**
 * Reads a bundle's manifest and verifies the SHA-256 of every file it names.
 * @throws JobError `bundle_unknown` when there is no bundle, the manifest is not valid, or a file is missing or changed.
 */
export async function openBundle(directory: string): Promise<OpenedBundle> {
  const root = resolve(directory);
  const manifest = await readManifest(root);
  for (const [path, expected] of Object.entries(manifest.files)) {
    const actual = await fileDigest(join(root, path)).catch((error: unknown) => {
      throw unknown(`${path} of the bundle in ${root} cannot be read`, error);
    });
    if (actual !== expected) {
      throw unknown(`${path} of the bundle in ${root} is damaged: its SHA-256 is ${actual}, not ${expected}`);
    }
  }
  if (Object.hasOwn(manifest.files, CALIBRATION_FILE)) {
    const text = await readFile(join(root, CALIBRATION_FILE), 'utf8');
    if (!agrees(manifest, text))
      throw unknown(
        `${MANIFEST_FILE} in ${root} has other thresholds than ${CALIBRATION_FILE}: one of them was changed`,
      );
  }
  const digest = bundleDigest(manifest.files);
  return {
    id: bundleId(manifest.name, digest),
    digest,
    manifest,
    directory: root,
    graphPath: manifest.graph === undefined ? null : join(root, manifest.graph),
  };
}

function agrees(manifest: ModelBundle, text: string): boolean {
  try {
    return agreesWithFile(manifest, text);
  } catch {
    return false;
  }
}

async function readManifest(root: string): Promise<ModelBundle> {
  const path = join(root, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unknown(`there is no model bundle in ${root}: ${MANIFEST_FILE} cannot be read`, error);
  }
  try {
    return ModelBundleSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unknown(`${path} is no valid bundle manifest`, error);
  }
}

function unknown(message: string, cause?: unknown): JobError {
  return new JobError('bundle_unknown', message, { cause });
}
