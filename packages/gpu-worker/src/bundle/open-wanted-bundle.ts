import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServableBundle, type ServableBundle, untrainedBundleDirectory } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { folderFault, isFolderFault, openSettingFolder } from '@styleflow/files';
import { openObjectStore, type StoreSettings, storeSettings } from '@styleflow/storage';
import { fetchBundle } from './fetch-bundle.js';

/** The settings that decide the bundle. */
export interface BundleSettings extends StoreSettings {
  /** A folder, or `s3://bucket/prefix`. */
  readonly STYLEFLOW_BUNDLE?: string | undefined;
  /** The folder in which bundles from S3 are kept between starts. */
  readonly STYLEFLOW_BUNDLE_CACHE?: string | undefined;
}

/**
 * Opens the bundle that STYLEFLOW_BUNDLE names, or the untrained one without it, and verifies its digests.
 * @throws JobError `bundle_unknown`, which names the setting, when it is missing, damaged or holds parts only; `invalid_request` where
 * the folder for bundles from S3 cannot be written.
 */
export async function openWantedBundle(settings: BundleSettings): Promise<ServableBundle> {
  try {
    return await openNamed(settings);
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== 'bundle_unknown' || settings.STYLEFLOW_BUNDLE === undefined)
      throw error;
    throw new JobError('bundle_unknown', `STYLEFLOW_BUNDLE: ${error.message}`, { cause: error });
  }
}

async function openNamed(settings: BundleSettings): Promise<ServableBundle> {
  const wanted = settings.STYLEFLOW_BUNDLE ?? untrainedBundleDirectory();
  if (!wanted.startsWith('s3://')) return openServableBundle(wanted);
  const address = storeSettings.STYLEFLOW_STORE.parse(wanted);
  const store = await openObjectStore({ ...settings, STYLEFLOW_STORE: address });
  try {
    const cache = settings.STYLEFLOW_BUNDLE_CACHE ?? join(tmpdir(), 'styleflow-bundles');
    await openSettingFolder('STYLEFLOW_BUNDLE_CACHE', cache);
    const fetched = (): Promise<string> =>
      fetchBundle(store, cache).catch((cause: unknown) => refuseCache(cache, cause));
    const folder = await fetched();
    try {
      return await openServableBundle(folder);
    } catch {
      // The kept copy was damaged since an earlier start, or the store's bundle changed while it was copied. It is
      // fetched once more.
      await rm(folder, { recursive: true, force: true });
      return await openServableBundle(await fetched());
    }
  } finally {
    await store.close();
  }
}

/** The disk may fill up while a bundle comes. */
function refuseCache(cache: string, cause: unknown): never {
  if (cause instanceof JobError || !isFolderFault(cause)) throw cause;
  const message = `STYLEFLOW_BUNDLE_CACHE: the bundle cannot be kept in ${cache}: ${folderFault(cause)}`;
  throw new JobError('invalid_request', message, { cause });
}

/**
 * Refuses trained bundles on a simulated device: made-up logits must not reach a verdict, and only an untrained bundle
 * never gives one.
 */
export function refuseTrained({ id, manifest }: ServableBundle): void {
  if (!manifest.trained) return;
  throw new JobError('internal', `${id} is trained: STYLEFLOW_SIMULATED_DEVICE serves untrained bundles only`, {
    retryable: false,
  });
}
