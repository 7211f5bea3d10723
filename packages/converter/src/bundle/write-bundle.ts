import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLE_FOLDER, bundleOrigin, MANIFEST_FILE } from '@styleflow/bundles';
import {
  BUNDLE_NAME_PATTERN,
  bundleDigest,
  bundleId,
  JobError,
  type ModelBundle,
  ModelBundleSchema,
} from '@styleflow/contracts';
import { assertReplaceable, checkpointError, replaceDirectory } from '@styleflow/files';
import { type OnnxGraph, type WrittenFiles, writeModels } from '@styleflow/onnx';
import { activationBytesPerClip } from './activation-bytes.js';
import { shareWeights } from './share-weights.js';

/** The graph that workers run. */
export const GRAPH_FILE = 'styleflow.onnx';

/** The form of the graph for one provider. */
function formFile(provider: string): string {
  return `styleflow.${provider}.onnx`;
}

/** What a bundle is written from. */
export interface BundleGraphs {
  /** The graph that workers run; null in a bundle of parts only. */
  readonly graph: OnnxGraph | null;
  /** By provider: what it runs instead of `graph`. It computes the same with the same weights, in another order. */
  readonly forms?: Readonly<Record<string, OnnxGraph>>;
  /** Further graphs by file name. */
  readonly parts?: Readonly<Record<string, OnnxGraph>>;
}

/** What only the caller knows of a bundle. Files, digests and memory follow from the graphs. */
export interface ManifestFacts
  extends Pick<ModelBundle, 'name' | 'variant' | 'trained' | 'precision' | 'threshold' | 'calibration' | 'source'> {
  readonly createdAt: Date;
}

export interface WrittenBundle {
  readonly id: string;
  readonly digest: string;
  readonly manifest: ModelBundle;
  /** The id of the bundle that it replaced. */
  readonly replaced: string | null;
}

/** What the manifest says of the other files in the bundle's folder. */
export interface BundleContents extends Pick<ModelBundle, 'bytesPerClip' | 'graphs' | 'int8' | 'parts'> {
  /** All files with their digests. `styleflow.onnx` is among them, except in a bundle of parts only. */
  readonly files: WrittenFiles;
}

export interface PlaceOptions {
  /** Also replace another bundle: one of another name or precision, or one made from other files. */
  readonly mayReplaceOther?: boolean | undefined;
}

interface WriteOptions extends PlaceOptions {
  /** Graphs with more bytes of weights than this keep them in a data file that they share. */
  readonly largestModelBytes?: number | undefined;
  /** Changes the graphs before they are written. By then files may lie beside the bundle's place. */
  readonly prepare?: () => Promise<void>;
  /**
   * Looks at the written files before they move to their place, and tells what the manifest shall say of it. An error
   * thrown here fails the write.
   */
  readonly examine?: (fresh: string) => Promise<Pick<BundleContents, 'int8'>>;
}

/**
 * Writes a bundle into `directory`, which appears whole or not at all. A bundle of the same name and precision from the
 * same files is replaced, another one only when the caller says so, anything else never.
 * @throws JobError `invalid_request` when the folder holds something else, the name is not allowed or the folder cannot
 * be written; `internal` when the disk is full.
 */
export function writeBundle(
  directory: string,
  facts: ManifestFacts,
  graphs: BundleGraphs,
  { largestModelBytes, prepare, examine, ...place }: WriteOptions = {},
): Promise<WrittenBundle> {
  const fill = async (fresh: string): Promise<BundleContents> => {
    await prepare?.();
    const contents = await writeGraphs(fresh, graphs, largestModelBytes);
    return { ...contents, ...(await examine?.(fresh)) };
  };
  return placeBundle(directory, facts, fill, place);
}

/**
 * Like `writeBundle`, for files of any origin: `fill` writes them into the folder it is given and describes them. When
 * it throws, nothing is left behind.
 */
export async function placeBundle(
  directory: string,
  facts: ManifestFacts,
  fill: (fresh: string) => Promise<BundleContents>,
  { mayReplaceOther = false }: PlaceOptions = {},
): Promise<WrittenBundle> {
  if (!BUNDLE_NAME_PATTERN.test(facts.name)) {
    throw checkpointError(`"${facts.name}" is no bundle name: lower-case letters, digits, dots, dashes, at most 63`);
  }
  const assertPlace = () =>
    assertReplaceable(directory, { kind: BUNDLE_FOLDER, origin: bundleOrigin(facts), mayReplaceOther });
  await assertPlace();
  let written: WrittenBundle | undefined;
  try {
    await replaceDirectory(
      directory,
      async (fresh) => {
        const bundle = await writeManifest(fresh, facts, await fill(fresh));
        // Checked again, because another process may have placed a bundle there while `fill` ran.
        written = { ...bundle, replaced: (await assertPlace())?.title ?? null };
      },
      async () => false,
    );
  } catch (error) {
    throw explainWriteError(directory, error);
  }
  if (!written) throw new JobError('internal', `the bundle in ${directory} was not written`);
  return written;
}

async function writeGraphs(
  fresh: string,
  { graph, forms = {}, parts = {} }: BundleGraphs,
  largestModelBytes: number | undefined,
): Promise<BundleContents> {
  const models: Record<string, OnnxGraph> = { ...(graph && { [GRAPH_FILE]: graph }), ...parts };
  const graphs: Record<string, string> = {};
  for (const [provider, form] of Object.entries(forms)) {
    const file = formFile(provider);
    graphs[provider] = file;
    models[file] = graph ? shareWeights(graph, form) : form;
  }
  const hasForms = Object.keys(forms).length > 0;
  // Forms read the weights of the graph, so these lie beside both.
  const files = await writeModels(models, fresh, hasForms ? 0 : largestModelBytes);
  const partNames = Object.keys(parts);
  return {
    files,
    // Of the form that takes most.
    bytesPerClip: graph ? activationBytesPerClip(graph) : 0,
    ...(hasForms && { graphs }),
    ...(partNames.length > 0 && { parts: partNames }),
  };
}

async function writeManifest(
  fresh: string,
  { createdAt, ...facts }: ManifestFacts,
  { graphs, int8, parts, ...contents }: BundleContents,
): Promise<Omit<WrittenBundle, 'replaced'>> {
  const manifest = ModelBundleSchema.parse({
    format: 1,
    ...facts,
    clip: { frames: 32, size: 256 },
    ...(Object.hasOwn(contents.files, GRAPH_FILE) && { graph: GRAPH_FILE }),
    ...(int8 && { int8 }),
    ...(graphs && { graphs }),
    ...(parts && { parts }),
    bytesPerClip: contents.bytesPerClip,
    files: contents.files,
    createdAt: createdAt.toISOString(),
  });
  await writeFile(join(fresh, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  const digest = bundleDigest(contents.files);
  return { id: bundleId(facts.name, digest), digest, manifest };
}

/**
 * Error codes that come of the caller's choice of folder. Whatever else keeps files from being written (a full disk)
 * does not.
 */
const REFUSALS = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOENT',
  'EEXIST',
  'EBUSY',
]);

/** A failure to write into a folder as a JobError: `invalid_request` where the caller's choice of folder is at fault. */
export function explainWriteError(directory: string, error: unknown, noun = 'bundle'): unknown {
  if (error instanceof JobError || !(error instanceof Error) || !('code' in error)) return error;
  const message = `the ${noun} could not be written to ${directory}: ${error.message}`;
  return REFUSALS.has(String(error.code))
    ? checkpointError(message, error)
    : new JobError('internal', message, { cause: error });
}
