import { isIP } from 'node:net';
import { JobError, type Source } from '@styleflow/contracts';
import { isPublicAddress } from './is-public-address.js';

/** What sources may be, as far as that can be told before they are fetched. */
export interface SourceRules {
  readonly allowPrivateSources: boolean;
  /** Where the product keeps its own objects: no source, whatever is listed. Null for a folder. */
  readonly ownBucket: string | null;
  /** Jobs may name only these buckets. */
  readonly sourceBuckets: readonly string[];
}

/**
 * Refuses at once sources that certainly may not be fetched: a bucket that is not on the list, and a literal address
 * that is not public. Host names are not resolved here, because the worker that fetches checks every address to which
 * it connects.
 * @throws JobError `forbidden`
 */
export function refuseSource(source: Source, { sourceBuckets, ownBucket, allowPrivateSources }: SourceRules): void {
  if (source.type === 's3' && source.bucket === ownBucket) {
    throw new JobError('forbidden', `Bucket ${source.bucket} is the product's own, with other callers' videos in it.`);
  }
  if (source.type === 's3' && source.key.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw new JobError('forbidden', 'A key with "." or ".." between slashes may lead elsewhere than it says.');
  }
  if (source.type === 's3' && !sourceBuckets.includes(source.bucket)) {
    throw new JobError(
      'forbidden',
      `Videos may not be read from bucket ${source.bucket} (STYLEFLOW_S3_SOURCE_BUCKETS).`,
    );
  }
  const host = source.type === 'url' ? new URL(source.url).hostname : '';
  if (source.type === 'url' && !allowPrivateSources && isPrivateLiteral(host)) {
    throw new JobError(
      'forbidden',
      `${host} is a loopback or private address, and videos are fetched from public ones only; STYLEFLOW_ALLOW_PRIVATE_SOURCES=true on the API and the CPU workers allows the others.`,
    );
  }
}

/** Whether a host is a private address. `URL` has already turned forms like `0x7f.1` into four decimal numbers. */
export function isPrivateLiteral(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && !isPublicAddress(address);
}
