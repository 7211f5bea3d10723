import { JobError } from '@styleflow/contracts';
import { deniedHosts, type FetchedSource, type FetchTarget, fetchStored, fetchUrl } from '@styleflow/sources';
import { type ObjectStore, openSourceBucket, type StoreSettings, sourceKey } from '@styleflow/storage';
import type { FetchLimits, FetchTask } from './fetch-messages.js';

/** A source that sends nothing for this long is given up, to be tried again. */
const IDLE_TIMEOUT_MS = 30_000;
/** The rate is taken over spans of this length: the first one is a source's grace. */
const RATE_WINDOW_MS = 30_000;

/**
 * Brings the job's video into one local file with its SHA-256, wherever it comes from.
 * @throws JobError `source_unreachable`, `source_forbidden`, `source_too_large`, `storage_unavailable`; the signal's reason.
 */
export async function fetchSource(
  { source, copies, job, toFile }: FetchTask,
  ports: { readonly store: ObjectStore; readonly storeSettings: StoreSettings; readonly limits: FetchLimits },
  onTarget: (target: FetchTarget) => Promise<void>,
  signal: AbortSignal,
): Promise<FetchedSource> {
  const { maxSourceBytes, maxFetchSeconds, allowPrivateSources, sourcePorts, minSourceRate, deniedSources } =
    ports.limits;
  const options = {
    toFile,
    maxBytes: maxSourceBytes,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    totalTimeoutMs: maxFetchSeconds * 1000,
    signal,
  };
  for (const holder of copies) {
    if ((await ports.store.head(sourceKey(holder))) === null) continue;
    return fetchStored(ports.store, sourceKey(holder), options);
  }
  switch (source.type) {
    case 'url':
      return fetchUrl({
        ...options,
        url: source.url,
        allowPrivate: allowPrivateSources,
        ports: sourcePorts,
        denied: deniedHosts(deniedSources),
        onTarget,
        floor: { minBytesPerSecond: minSourceRate, windowMs: RATE_WINDOW_MS },
      });
    case 's3':
      return fetchStored(await openSourceBucket(ports.storeSettings, source.bucket), source.key, options);
    case 'upload':
      if (copies.length === 0) return fetchStored(ports.store, sourceKey(job), options);
      throw lost('The video of the job that is scored again is not kept any more.');
    case 'own-copy':
      throw lost(
        'The credentials in the address of the source are gone, erased or lost with Redis: the source must be given anew, as a new job with the whole address.',
      );
  }
}

const lost = (sentence: string): JobError => new JobError('source_unreachable', sentence, { retryable: false });
