import { JobError, lackOf } from '@styleflow/contracts';

/** What the system said of a file store, as the outage that it is. A JobError stays as it is. */
export function fileOutage(address: string, error: unknown): JobError {
  if (error instanceof JobError) return error;
  const { code = 'unknown' } = error as { code?: string };
  // A process without descriptors is at fault itself, not the store; a full disk here is the store's.
  const away = lackOf(error) === 'descriptors' ? 'descriptors' : 'store';
  return new JobError('storage_unavailable', `The object store ${address} could not be used (${code})`, {
    cause: error,
    away,
  });
}
