import { JobError } from '@styleflow/contracts';

/** S3's limit. */
const MAX_KEY_BYTES = 1024;

/** Refuses (`invalid_request`) what the port does not take as a key; answers the key. */
export function checkKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  const isWellFormed = Buffer.from(key).toString() === key && !key.includes('\0');
  const segments = key.split('/');
  if (bytes < 1 || bytes > MAX_KEY_BYTES || !isWellFormed || segments.some(isForbiddenSegment)) {
    throw new JobError('invalid_request', `${JSON.stringify(key.slice(0, 100))} cannot be the key of an object`);
  }
  return key;
}

function isForbiddenSegment(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}

/** Refuses the empty prefix. */
export function checkPrefix(prefix: string): string {
  if (prefix === '') throw new JobError('invalid_request', 'A prefix is needed: the whole store is never deleted');
  return prefix;
}
