import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EtagDigest } from './etag-digest.js';

const MIB = 1024 * 1024;
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const digestOf = (bytes: Uint8Array, pieceBytes = 1_000_003): EtagDigest => {
  const digest = new EtagDigest();
  for (let from = 0; from < bytes.length; from += pieceBytes) digest.update(bytes.subarray(from, from + pieceBytes));
  return digest;
};

describe('an ETag', () => {
  const bytes = randomBytes(20 * MIB + 7);
  const changed = Buffer.from(bytes);
  changed[9 * MIB] = (changed[9 * MIB] ?? 0) ^ 1;

  it('of the whole is compared', () => {
    const etag = `"${md5(bytes).toString('hex')}"`;
    expect([digestOf(bytes).matches(etag), digestOf(changed).matches(etag)]).toEqual([true, false]);
  });

  it('of parts is compared, where they have the usual size', () => {
    const parts = [bytes.subarray(0, 8 * MIB), bytes.subarray(8 * MIB, 16 * MIB), bytes.subarray(16 * MIB)];
    const etag = `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`;
    expect([digestOf(bytes).matches(etag), digestOf(changed, 8 * MIB).matches(etag)]).toEqual([true, false]);
    expect(digestOf(bytes).matches(etag.replace('-3', '-4'))).toBeNull();
  });

  it('of an object whose last part is full counts no empty one', () => {
    const even = bytes.subarray(0, 16 * MIB);
    const etag = `${md5(Buffer.concat([even.subarray(0, 8 * MIB), even.subarray(8 * MIB)].map(md5))).toString('hex')}-2`;
    expect(digestOf(even).matches(etag)).toBe(true);
  });

  it.each(['', '"1"', 'W/"686897696a7c876b7e"', '"686897696a7c876b7e-x"'])(
    'of another form tells nothing: %j',
    (etag) => {
      expect(digestOf(bytes).matches(etag)).toBeNull();
    },
  );
});
