import { JobError } from '@styleflow/contracts';
import { FileObjectStore } from './file/file-object-store.js';
import { MarkedStore } from './port/marked-store.js';
import type { ObjectStore, ReadableStore } from './port/object-store.js';
import type { S3ObjectStore } from './s3/s3-object-store.js';
import type { StoreSettings } from './store-settings.js';

/**
 * The store as a process works with it: guarded by its marker, nothing made or touched until it is identified.
 * `id`: where another thread of the process has identified it.
 */
export async function openMarkedStore(
  settings: StoreSettings,
  { publicUrl, id }: { publicUrl?: () => string; id?: string | undefined } = {},
): Promise<MarkedStore> {
  const address = settings.STYLEFLOW_STORE;
  if (address.kind === 's3') return new MarkedStore(await openBucket(settings, address.bucket, address.prefix), { id });
  const files = FileObjectStore.at({ folder: address.folder, publicUrl });
  return new MarkedStore(files, { id, make: () => files.make(), join: () => files.join() });
}

/** Opens the store for who has no Redis beside it, without the marker's guard. It does not contact S3 (`check` does), but makes the folder of a file store. */
export async function openObjectStore(
  settings: StoreSettings,
  options: { publicUrl?: () => string } = {},
): Promise<ObjectStore> {
  const address = settings.STYLEFLOW_STORE;
  if (address.kind === 'file') return FileObjectStore.open({ folder: address.folder, publicUrl: options.publicUrl });
  return openBucket(settings, address.bucket, address.prefix);
}

/**
 * Opens a bucket that a job's source names, for reading only.
 * @throws JobError `source_forbidden` when it is not among the allowed ones.
 */
export async function openSourceBucket(settings: StoreSettings, bucket: string): Promise<ReadableStore> {
  if (!settings.STYLEFLOW_S3_SOURCE_BUCKETS.includes(bucket)) {
    throw new JobError(
      'source_forbidden',
      `Videos may not be taken from the bucket ${bucket}; STYLEFLOW_S3_SOURCE_BUCKETS lists those that are allowed`,
    );
  }
  return openBucket(settings, bucket, '');
}

/** The SDK is loaded here and not before: a thread that works on a file store would spend a third of its start on it. */
async function openBucket(settings: StoreSettings, bucket: string, prefix: string): Promise<S3ObjectStore> {
  const { S3ObjectStore } = await import('./s3/s3-object-store.js');
  return new S3ObjectStore({
    bucket,
    prefix,
    endpoint: settings.STYLEFLOW_S3_ENDPOINT,
    publicEndpoint: settings.STYLEFLOW_S3_PUBLIC_ENDPOINT,
    forcePathStyle: settings.STYLEFLOW_S3_FORCE_PATH_STYLE,
    region: settings.AWS_REGION,
  });
}
