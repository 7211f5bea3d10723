import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { damagedBytes, drawn, listenOnLoopback } from '@styleflow/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codingsOf } from './content-coding.js';
import { fetchUrl } from './fetch-url.js';
import { mendHead } from './mended-connection.js';
import { retryAfterMs } from './retry-after.js';
import { parseContentRange, validatorOf } from './source-answer.js';
import { nameOf, parseSourceUrl, redirectTo } from './source-url.js';

const header = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    'bytes 0-9/10',
    'bytes 0-9/*',
    'bytes */10',
    '"1"',
    'W/"1"',
    'gzip, br',
    'Sun Nov  6 08:49:37 1994',
    '9'.repeat(400),
  ),
);

describe('a header of any text', () => {
  it('is a range with an order and a length, or none', () => {
    const some = fc.tuple(fc.nat(), fc.nat(), fc.option(fc.nat())).map(([a, b, c]) => `bytes ${a}-${b}/${c ?? '*'}`);
    let ranges = 0;
    fc.assert(
      fc.property(fc.oneof(header, some), (text) => {
        const range = parseContentRange(text);
        if (range === null) return;
        ranges += 1;
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(range.total ?? Number.POSITIVE_INFINITY);
      }),
      drawn(5),
    );
    expect(ranges).toBeGreaterThan(0);
  });

  it('is a time that is not negative, or none', () => {
    fc.assert(
      fc.property(header, header, (text, date) => {
        expect(retryAfterMs({ 'retry-after': text, date }) ?? 0).toBeGreaterThanOrEqual(0);
      }),
      drawn(5),
    );
  });

  it('has codings that are known, and a validator without line breaks', () => {
    fc.assert(
      fc.property(header, header, header, (text, etag, date) => {
        const codings = codingsOf(text);
        expect('refused' in codings || codings.every((coding) => ['gzip', 'br', 'deflate'].includes(coding))).toBe(
          true,
        );
        const validator =
          validatorOf({ etag, date, 'last-modified': text }) ?? validatorOf({ date, 'last-modified': text });
        if (validator !== null && !validator.startsWith('"')) expect(validator).toMatch(/^[\w,: -]+$/);
      }),
      drawn(5),
    );
  });

  it('leads to an address of http or https, or is refused', () => {
    const from = new URL('https://user:secret@a.example/v?s=secret');
    fc.assert(
      fc.property(
        fc.oneof(
          header,
          fc.webUrl(),
          fc.domain().map((name) => `//${name}/x`),
        ),
        (location) => {
          try {
            const url = redirectTo(from, location);
            expect(url.protocol).toBe('https:');
            expect(nameOf(url)).not.toContain('secret');
          } catch (error) {
            expect(error).toMatchObject({ name: 'JobError', code: 'source_forbidden' });
          }
          try {
            expect(['http:', 'https:']).toContain(parseSourceUrl(location).protocol);
          } catch (error) {
            expect(error).toMatchObject({ name: 'JobError', code: 'source_forbidden' });
          }
        },
      ),
      drawn(5),
    );
  });

  it('leaves a head mended once as it is, and loses no other line', () => {
    const line = fc.oneof(
      header,
      fc.constantFrom('Content-Length: 5', 'content-length:5', 'Content-Length: 5, 5', 'Content-Length: 6'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const head = `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`;
        const mended = mendHead(head);
        expect(mendHead(mended)).toBe(mended);
        const others = (text: string): string[] => text.split('\n').filter((each) => !/^content-length/i.test(each));
        expect(others(mended)).toEqual(others(head));
      }),
      drawn(5),
    );
  });
});

describe('an answer of any bytes', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let bytes: Uint8Array = new Uint8Array(0);
  const open = new Set<Socket>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-answers-'));
    server = createServer((socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    });
    port = await listenOnLoopback(server);
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const body = 'a body of some length';
  const WHOLE = [
    `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nContent-Length: ${body.length}\r\nETag: "1"\r\n\r\n${body}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: identity\r\n\r\n15\r\n${body}\r\n0\r\nX: 1\r\n\r\n`,
    `HTTP/1.1 206 X\r\nContent-Range: bytes 0-20/21\r\nSet-Cookie: a=1; Domain=x\r\n\r\n${body}`,
    `HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.0 503 X\r\nRetry-After: 9\r\n\r\n`,
    'HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/é\r\nSet-Cookie: b=2\r\n\r\n',
  ];

  it('is fetched, with the digest of what lies there, or refused as a JobError', async () => {
    const met = { fetched: 0, refused: 0 };
    const damagedOnes = fc.oneof(
      ...WHOLE.map((text) => damagedBytes(Buffer.from(text))),
      fc.uint8Array({ maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(damagedOnes, async (some) => {
        bytes = some;
        const toFile = join(folder, 'source');
        try {
          const { sha256 } = await fetchUrl({
            ...{
              url: `http://127.0.0.1:${port}/`,
              toFile,
              maxBytes: 1_000,
              idleTimeoutMs: 5_000,
              totalTimeoutMs: 5_000,
            },
            ...{ allowPrivate: true, ports: [], floor: { minBytesPerSecond: 0, windowMs: 30_000 } },
            resolveName: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
          });
          expect(sha256).toBe(
            createHash('sha256')
              .update(await readFile(toFile))
              .digest('hex'),
          );
          met.fetched += 1;
        } catch (error) {
          if (!(error instanceof JobError)) throw error;
          expect(error.message).not.toContain('silent');
          met.refused += 1;
        } finally {
          await rm(toFile, { force: true });
        }
      }),
      drawn(),
    );
    expect(met.fetched).toBeGreaterThan(0);
    expect(met.refused).toBeGreaterThan(0);
  });
});
