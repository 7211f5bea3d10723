import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { listenOnLoopback, makeTlsFiles, startHttpServer, type TlsFiles } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchUrl } from './fetch-url.js';
import { postWebhook } from './post-webhook.js';
import { connectTrusting } from './request-url.js';

/** Random, so that a byte that is lost or doubled is seen. */
const FILE = randomBytes(300_000);

let folder: string;
let valid: TlsFiles;
let authority: string;
let server: Server;
let port: number;
let answer: RequestListener;
/** Of the requests that came: the name that the client asked for in its handshake, and `Host`. */
let came: { servername: unknown; host: string | undefined; range: string | undefined }[];
const servers: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-https-'));
  valid = await makeTlsFiles({ names: 'DNS:video.example,IP:127.0.0.1' });
  authority = await readFile(valid.certificate, 'utf8');
  ({ server, port } = await serve(valid));
});
afterAll(async () => {
  for (const each of servers) {
    each.closeAllConnections();
    await new Promise((resolve) => each.close(resolve));
  }
  await valid.remove();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  came = [];
  answer = (_, response) => void response.end(FILE);
});

async function serve(files: TlsFiles) {
  const [key, cert] = await Promise.all([readFile(files.key), readFile(files.certificate)]);
  const made = createServer({ key, cert }, (request, response) => {
    const { servername } = request.socket as TLSSocket & { servername?: unknown };
    came.push({ servername, host: request.headers.host, range: request.headers.range });
    answer(request, response);
  });
  servers.push(made);
  return { server: made, port: await listenOnLoopback(made) };
}

interface Trust {
  /** Default: the certificate of the server. `null`: those that Node trusts. */
  readonly trusted?: string | null;
  readonly allowPrivate?: boolean;
  /** Called with the first bytes. */
  readonly onBegun?: () => void;
}

const look = async () => [{ address: '127.0.0.1', family: 4 }];

/** Fetches; every name leads to loopback. Answers the file's digest, or the error, after which there must be no file. */
async function fetched(
  url: string,
  { trusted = authority, allowPrivate = true, onBegun }: Trust = {},
): Promise<unknown> {
  const toFile = join(folder, 'source');
  let hasBegun = false;
  try {
    const { sha256 } = await fetchUrl({
      ...{ url, toFile, maxBytes: 1_000_000, idleTimeoutMs: 10_000, totalTimeoutMs: 20_000 },
      ...{ allowPrivate, ports: [443], floor: { minBytesPerSecond: 1, windowMs: 30_000 } },
      resolveName: look,
      onProgress() {
        if (!hasBegun) onBegun?.();
        hasBegun = true;
      },
      ...(trusted !== null && { connect: connectTrusting(trusted) }),
    });
    return sha256;
  } catch (error) {
    expect(await readdir(folder)).toEqual([]);
    return error;
  } finally {
    await rm(toFile, { force: true });
  }
}

const DIGEST = createHash('sha256').update(FILE).digest('hex');
const refused = (sentence: string) => ({ code: 'source_unreachable', retryable: false, message: sentence });

describe('a source of https', () => {
  it('is asked by its own name, at the address that was judged', async () => {
    expect(await fetched(`https://video.example:${port}/a.mp4`)).toBe(DIGEST);
    expect(came).toEqual([{ servername: 'video.example', host: `video.example:${port}`, range: undefined }]);
  });

  it('may be an address without a name, for which the certificate is', async () => {
    expect(await fetched(`https://127.0.0.1:${port}/a.mp4`)).toBe(DIGEST);
    // A server name in the handshake is never an address.
    expect(came).toMatchObject([{ servername: false, host: `127.0.0.1:${port}` }]);
  });

  it('is not connected to where its name leads inside', async () => {
    let connections = 0;
    const count = (): void => {
      connections += 1;
    };
    server.on('connection', count);
    const error = await fetched(`https://video.example:${port}/a.mp4`, { allowPrivate: false });
    server.off('connection', count);
    expect(error).toMatchObject({ code: 'source_unreachable', retryable: false });
    expect(connections).toBe(0);
  });

  it('is refused when its certificate is for another name, before anything is asked', async () => {
    expect(await fetched(`https://other.example:${port}/a.mp4?secret=1`)).toMatchObject(
      refused(
        `The certificate of https://other.example:${port}/a.mp4 is for another name (ERR_TLS_CERT_ALTNAME_INVALID)`,
      ),
    );
    expect(came).toEqual([]);
  });

  it('is refused when its certificate is signed by itself, with the way to trust it', async () => {
    const error = await fetched(`https://video.example:${port}/`, { trusted: null });
    expect(error).toMatchObject(
      refused(expect.stringMatching(/signed by nobody .*NODE_EXTRA_CA_CERTS.*DEPTH_ZERO_SELF_SIGNED_CERT/)),
    );
    expect(came).toEqual([]);
  });

  it('is refused when its certificate has expired, though its signer is trusted', async () => {
    const files = await makeTlsFiles({ names: 'DNS:video.example', isExpired: true });
    const expired = await serve(files);
    const trusted = await readFile(files.certificate, 'utf8');
    expect(await fetched(`https://video.example:${expired.port}/`, { trusted })).toMatchObject(
      refused(`The certificate of https://video.example:${expired.port}/ has expired (CERT_HAS_EXPIRED)`),
    );
    expect(came).toEqual([]);
    await files.remove();
  });

  it('is tried again when what answers speaks no TLS', async () => {
    const plain = await startHttpServer((_, response) => response.end('video'));
    expect(await fetched(`https://video.example:${plain.port}/`)).toMatchObject({
      ...{ code: 'source_unreachable', retryable: true },
      message: expect.stringMatching(/could not be fetched \((EPROTO|ERR_SSL_\w+)\)/),
    });
    await plain.stop();
  });

  it('may be where a redirect of http leads, and names itself when it is refused there', async () => {
    const plain = await startHttpServer((request, response) => {
      const host = request.url === '/other' ? 'other.example' : 'video.example';
      response.writeHead(302, { location: `https://${host}:${port}/b.mp4` }).end();
    });
    expect(await fetched(`http://first.example:${plain.port}/`)).toBe(DIGEST);
    expect(came).toMatchObject([{ servername: 'video.example' }]);
    expect(await fetched(`http://first.example:${plain.port}/other`)).toMatchObject(
      refused(expect.stringContaining(`The certificate of https://other.example:${port}/b.mp4 is for another name`)),
    );
    await plain.stop();
  });

  it('may not redirect to http, which is not asked', async () => {
    let asked = 0;
    const plain = await startHttpServer((_, response) => {
      asked += 1;
      response.end('video');
    });
    answer = (_, response) => void response.writeHead(302, { location: `http://video.example:${plain.port}/` }).end();
    expect(await fetched(`https://video.example:${port}/a.mp4`)).toMatchObject({
      ...{ code: 'source_forbidden', retryable: false },
      message: expect.stringContaining('redirects from https to http'),
    });
    expect(asked).toBe(0);
    await plain.stop();
  });

  it.each([
    ['cut', (connection: Socket) => void connection.destroy()],
    ['reset', (connection: Socket) => void connection.resetAndDestroy()],
  ])('is taken up again where its connection is %s, in a handshake of its own', async (_how, breakOff) => {
    const connections: Socket[] = [];
    const keep = (connection: Socket): void => void connections.push(connection);
    server.on('connection', keep);
    answer = (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = FILE.subarray(from);
      const range = { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` };
      response.writeHead(from > 0 ? 206 : 200, {
        ...{ 'content-length': rest.length, etag: '"1"' },
        ...(from > 0 && range),
      });
      if (from > 0) response.end(rest);
      else response.write(rest.subarray(0, 100_000));
    };
    const onBegun = (): void => connections.forEach(breakOff);
    expect(await fetched(`https://video.example:${port}/a.mp4`, { onBegun })).toBe(DIGEST);
    server.off('connection', keep);
    expect(came).toHaveLength(2);
    expect(came[1]).toMatchObject({ servername: 'video.example', range: expect.stringMatching(/^bytes=[1-9]\d*-$/) });
  });
});

describe('a webhook of https', () => {
  it('is told why its certificate proves nothing, and hears nothing', async () => {
    const posted = await postWebhook({
      ...{ url: `https://video.example:${port}/hook`, body: '{}', headers: {}, allowPrivate: true, ports: [443] },
      ...{ timeoutMs: 10_000, resolveName: look },
    });
    expect(posted).toMatchObject({
      status: null,
      error: expect.stringMatching(/^Its certificate is signed by nobody/),
    });
    expect(came).toEqual([]);
  });
});
