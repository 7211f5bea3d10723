import { access, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type OpenedBundle, openBundle, untrainedBundleDirectory } from '@styleflow/bundles';
import { type ErrorCode, JobError, type ModelBundle, toJobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { servedBundle } from '../env.js';

/** The usual folders for the bundles of this machine, the guide's own first. Other folders can be named. */
const BUNDLE_FOLDERS = ['bundles', '.styleflow/bundles'];

/** The facts that are shown of a bundle. */
export interface BundleRow
  extends Pick<ModelBundle, 'variant' | 'precision' | 'trained' | 'threshold' | 'bytesPerClip' | 'parts'> {
  readonly id: string;
  readonly digest: string;
  readonly directory: string;
}

/** A bundle that cannot be opened. */
interface BrokenRow {
  readonly directory: string;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** A bundle in the object store. Only workers open it. */
interface RemoteRow {
  readonly directory: string;
  readonly remote: true;
}

type ListRow = BundleRow | BrokenRow | RemoteRow;

/** `styleflow models list`. */
export function addModelsList(models: Command): void {
  models
    .command('list')
    .description('bundles on this machine, with their ids: the untrained one, that of STYLEFLOW_BUNDLE, those in --dir')
    .option(
      '--dir <dir...>',
      `folders that hold bundle folders, or are bundles themselves (default: ${BUNDLE_FOLDERS.join(' and ')}, if they are there)`,
    )
    .option('--json', 'answer as JSON on stdout')
    .action(async ({ dir, json }: { dir?: string[]; json?: true }) => {
      const rows: ListRow[] = [];
      // Bundles are read one after the other, since all files are read whole, and disks are slow when read at many
      // places.
      for (const folder of await bundleFolders(dir)) rows.push(await readRow(folder));
      if (servedBundle?.startsWith('s3://')) rows.push({ directory: servedBundle, remote: true });
      process.stdout.write(json === true ? `${JSON.stringify(rows)}\n` : `${rows.flatMap(linesOf).join('\n')}\n`);
    });
}

export function rowOf({ id, digest, directory, manifest }: OpenedBundle): BundleRow {
  const { variant, precision, trained, threshold, bytesPerClip, parts } = manifest;
  return { id, digest, directory, variant, precision, trained, threshold, bytesPerClip, ...(parts && { parts }) };
}

/** The lines that tell people about one bundle. */
export function linesOf(row: ListRow): string[] {
  if ('remote' in row) return [row.directory, '  in the object store: the workers that fetch it verify it'];
  if ('error' in row) return [`broken  ${row.error.message}`, `  ${row.directory}`];
  const { id, variant, precision, trained, threshold, directory } = row;
  const facts = `${variant}, ${precision}, ${trained ? 'trained' : 'untrained'}, threshold ${threshold}, digests match`;
  return [`${id}  ${facts}`, `  ${directory}`];
}

async function readRow(folder: string): Promise<ListRow> {
  try {
    return rowOf(await openBundle(folder));
  } catch (error) {
    const { code, message } = toJobError(error);
    return { directory: folder, error: { code, message } };
  }
}

/** Absolute paths of all folders to list, each once. */
async function bundleFolders(named: readonly string[] | undefined): Promise<string[]> {
  const folders = [untrainedBundleDirectory()];
  if (servedBundle !== undefined && !servedBundle.startsWith('s3://')) folders.push(servedBundle);
  for (const dir of named ?? BUNDLE_FOLDERS) {
    if (await isBundle(dir)) folders.push(dir);
    const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
      if (named === undefined) return [];
      throw new JobError('invalid_request', `${dir} cannot be listed`, { cause: error });
    });
    for (const entry of entries) if (await isBundle(join(dir, entry.name))) folders.push(join(dir, entry.name));
  }
  return [...new Set(folders.map((folder) => resolve(folder)))];
}

/** Whether a folder is meant as a bundle: it holds a manifest. */
async function isBundle(folder: string): Promise<boolean> {
  return access(join(folder, 'bundle.json')).then(
    () => true,
    () => false,
  );
}
