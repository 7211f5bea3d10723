import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Coding, codingsOf, decodeBody, isUndecodable } from './content-coding.js';

describe('a Content-Encoding', () => {
  it.each([
    undefined,
    '',
    'identity',
    'IDENTITY',
    'none',
    'aws-chunked',
    'utf-8',
    'binary',
    'x-unheard-of',
    'constructor',
  ])('of %j stands before plain bytes', (header) => {
    expect(codingsOf(header)).toEqual([]);
  });

  it.each([
    ['gzip', ['gzip']],
    ['X-GZIP', ['gzip']],
    ['br', ['br']],
    [' deflate ', ['deflate']],
    ['aws-chunked,gzip', ['gzip']],
    ['gzip, br', ['gzip', 'br']],
  ])('of %j is undone', (header, expected) => {
    expect(codingsOf(header)).toEqual(expected);
  });

  it.each([
    ['zstd', 'zstd'],
    ['identity, zstd', 'zstd'],
    ['compress', 'compress'],
    ['gzip, gzip, gzip', 'gzip, gzip, gzip'],
  ])('of %j is refused by its name', (header, refused) => {
    expect(codingsOf(header)).toEqual({ refused });
  });
});

describe('a body that is decoded', () => {
  const plain = Buffer.concat([Buffer.alloc(100_000, 'video'), randomBytes(50_000)]);
  const inPieces = (bytes: Buffer, size: number): Readable => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    return Readable.from(pieces, { objectMode: false });
  };

  it.each([
    ['gzip', ['gzip'], gzipSync(plain)],
    ['gzip in two members', ['gzip'], Buffer.concat([gzipSync(plain.subarray(0, 9)), gzipSync(plain.subarray(9))])],
    ['br', ['br'], brotliCompressSync(plain, { params: { 1: 1 } })],
    ['deflate with its wrapping', ['deflate'], deflateSync(plain)],
    ['deflate without', ['deflate'], deflateRawSync(plain)],
    ['one on top of the other', ['gzip', 'deflate'], deflateRawSync(gzipSync(plain))],
    ['none', [], plain],
  ] as [string, Coding[], Buffer][])('is what it was: %s', async (_what, codings, bytes) => {
    expect((await buffer(await decodeBody(inPieces(bytes, 1_000), codings))).equals(plain)).toBe(true);
  });

  it('may come byte by byte', async () => {
    const small = Buffer.from('a small video');
    expect(await buffer(await decodeBody(inPieces(deflateSync(small), 1), ['deflate']))).toEqual(small);
  });

  it.each(['gzip', 'br', 'deflate'] as const)('that is none, or cut short, is told as such: %s', async (coding) => {
    const encoded = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }[coding](plain);
    for (const bytes of [randomBytes(1_000).fill(0xff, 0, 4), encoded.subarray(0, encoded.length - 20_000)]) {
      const error = await buffer(await decodeBody(inPieces(bytes, 1_000), [coding])).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(isUndecodable(error)).toBe(true);
    }
    expect(isUndecodable(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(false);
  });

  it('passes on what breaks the body', async () => {
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    async function* broken(): AsyncGenerator<Buffer, void> {
      yield gzipSync(plain).subarray(0, 1_000);
      throw reset;
    }
    await expect(buffer(await decodeBody(Readable.from(broken()), ['gzip']))).rejects.toBe(reset);
    async function* atOnce(): AsyncGenerator<Buffer, void> {
      if (plain.length > 0) throw reset;
      yield plain;
    }
    await expect(decodeBody(Readable.from(atOnce()), ['deflate'])).rejects.toBe(reset);
  });
});
