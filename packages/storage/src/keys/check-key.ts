import { JobError } from '@styleflow/contracts';

/** Longest key that S3 takes. */
const MAX_KEY_BYTES = 1024;

/** @returns the key. @throws JobError `invalid_request` for what the port does not take as a key. */
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

/** @returns the prefix. @throws JobError `invalid_request` for the empty prefix, which every key starts with. */
export function checkPrefix(prefix: string): string {
  if (prefix === '') throw new JobError('invalid_request', 'A prefix is needed: the whole store is never deleted');
  return prefix;
}
