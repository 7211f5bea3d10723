import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { startHttpServer } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { deniedHosts } from './denied-hosts.js';
import { unreachable, useFetches } from './test-fetches.js';

describe('fetchUrl', () => {
  const fetches = useFetches();
  const { serve, fetchTo } = fetches;

  it('writes what the address answers into a new file and tells length, digest, type and progress', async () => {
    const body = Buffer.alloc(300_000, 'video');
    const server = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': body.length }).end(body);
    });
    const seen: unknown[] = [];
    const fetched = await fetchTo(`${server.url}/a.mp4`, { onProgress: (progress) => seen.push(progress) });
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(fetched).toEqual({ bytes: 300_000, sha256, contentType: 'video/mp4' });
    expect((await readFile(join(fetches.folder, 'source'))).equals(body)).toBe(true);
    expect(seen.at(-1)).toEqual({ bytes: 300_000, totalBytes: 300_000 });
  });

  it('asks before each connection, and ends with what it is told', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/first') response.writeHead(302, { location: '/second' }).end();
      else response.end('video');
    });
    const asked: unknown[] = [];
    await fetchTo(`${server.url}/first`, { onTarget: async (target) => void asked.push(target) });
    const target = { host: '127.0.0.1', addresses: ['127.0.0.1'] };
    expect(asked).toEqual([target, target]);
    const full = new JobError('source_unreachable', 'not now', { away: 'turn' });
    const onTarget = (): Promise<void> => Promise.reject(full);
    await expect(fetchTo(server.url, { onTarget, toFile: join(fetches.folder, 'other') })).rejects.toBe(full);
  });

  it('takes an answer without length or type', async () => {
    const server = await serve((_, response) => {
      response.write('one');
      response.end('two');
    });
    expect(await fetchTo(server.url)).toMatchObject({ bytes: 6, contentType: null });
  });

  it('follows redirects, relative ones too, but not for ever', async () => {
    const server = await serve((request, response) => {
      const left = Number(new URL(request.url ?? '', 'http://x').searchParams.get('left'));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `?left=${left - 1}` }).end('elsewhere');
    });
    expect(await fetchTo(`${server.url}/?left=5`)).toMatchObject({ bytes: 4 });
    await rm(join(fetches.folder, 'source'));
    await expect(fetchTo(`${server.url}/?left=6`)).rejects.toMatchObject(unreachable(false));
  });

  it.each([
    [400, false],
    [403, false],
    [404, false],
    [410, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [204, false],
    [304, false],
  ])('takes %i for unreachable, to be tried again: %s', async (status, retryable) => {
    const server = await serve((_, response) => response.writeHead(status).end());
    await expect(fetchTo(`${server.url}/v.mp4`)).rejects.toMatchObject({
      ...unreachable(retryable),
      message: `${server.url}/v.mp4 answered ${status}`,
    });
  });

  it.each(['file:///etc/passwd', 'ftp://example.org/v.mp4', 'data:video/mp4,x', 'no address', ''])(
    'refuses %j, whatever is allowed',
    async (url) => {
      await expect(fetchTo(url)).rejects.toMatchObject({ code: 'source_forbidden', retryable: false });
    },
  );

  it.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::1]',
    'http://[::ffff:7f00:1]',
    'http://0',
  ])('refuses the private address %s without connecting, and names the setting', async (url) => {
    let connections = 0;
    const server = await serve((_, response) => {
      connections += 1;
      response.end();
    });
    const fetching = fetchTo(`${url}:${server.port}`, { allowPrivate: false });
    await expect(fetching).rejects.toMatchObject({
      code: 'source_forbidden',
      retryable: false,
      message: expect.stringContaining('STYLEFLOW_ALLOW_PRIVATE_SOURCES'),
    });
    expect(connections).toBe(0);
  });

  it('refuses a name of which any address is private, by the one answer that it also connects to', async () => {
    let connections = 0;
    const server = await serve((_, response) => {
      connections += 1;
      response.end('private');
    });
    // This name server gives another answer when it is asked a second time.
    let answers = 0;
    const resolveName = async () => {
      answers += 1;
      return [{ address: answers === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    };
    const url = `http://video.example:${server.port}/`;
    const inner = await fetchTo(url, { allowPrivate: false, resolveName }).catch((error: unknown) => error);
    expect(inner).toMatchObject({ code: 'source_unreachable', retryable: false });
    // Nobody learns by the answer which names there are inside.
    const none = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const unknown = await fetchTo(url, { allowPrivate: false, resolveName: none }).catch((error: unknown) => error);
    expect(String(unknown)).toBe(String(inner));
    const mixed = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '::1', family: 6 },
    ];
    const fetching = fetchTo(url, { allowPrivate: false, resolveName: mixed });
    await expect(fetching).rejects.toMatchObject({ code: 'source_unreachable' });
    expect(connections).toBe(0);
    // The connection must use the address that was checked: the system does not know this name, and it is looked up
    // once.
    answers = 1;
    expect(await fetchTo(url, { resolveName })).toMatchObject({ bytes: 7 });
    expect(answers).toBe(2);
  });

  it('checks every redirect anew', async () => {
    const inside = await serve((_, response) => response.end('secret'));
    const outside = await serve((request, response) => {
      response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : inside.url }).end();
    });
    await expect(fetchTo(`${outside.url}/file`)).rejects.toMatchObject({ code: 'source_forbidden' });
    // No server here has a public address, so the first address is let through as if it were public.
    let asked = 0;
    const resolveName = async (name: string) => {
      asked += 1;
      expect(name).toBe('first.example');
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const url = `http://first.example:${outside.port}/`;
    expect(await fetchTo(url, { resolveName })).toMatchObject({ bytes: 6 });
    expect(asked).toBe(1);
  });

  it.each([
    ['shorter than its length', { 'content-length': '1000' }],
    ['cut in the middle of its chunks', { 'transfer-encoding': 'chunked' }],
  ])('takes a body that is %s for unreachable and leaves no file', async (_what, headers) => {
    const server = await serve((_, response) => {
      response.writeHead(200, headers).write('half', () => response.destroy());
    });
    await expect(fetchTo(server.url)).rejects.toMatchObject(unreachable(true));
    expect(await readdir(fetches.folder)).toEqual([]);
  });

  it('asks no denied host, also where private ones are allowed', async () => {
    const server = await serve((_, response) => response.end('private'));
    const denied = deniedHosts(['127.0.0.0/8']);
    await expect(fetchTo(server.url, { denied })).rejects.toMatchObject({
      code: 'source_forbidden',
      message: expect.stringContaining('STYLEFLOW_DENIED_SOURCES'),
    });
    const resolveName = async () => [{ address: '168.63.129.16', family: 4 }];
    await expect(fetchTo('http://wire.example/', { resolveName })).rejects.toMatchObject({ code: 'source_forbidden' });
  });

  it('asks public addresses at the allowed ports only, and private ones, where they are allowed, at any', async () => {
    const server = await serve((_, response) => response.end('private'));
    expect(await fetchTo(server.url, { ports: [443] })).toMatchObject({ bytes: 7 });
    const resolveName = async () => [{ address: '93.184.215.14', family: 4 }];
    for (const url of ['http://video.example:6379/', 'https://video.example:80/', 'http://93.184.215.14:22/']) {
      await expect(fetchTo(url, { ports: [443], resolveName })).rejects.toMatchObject({
        code: 'source_forbidden',
        message: expect.stringContaining('STYLEFLOW_SOURCE_PORTS'),
      });
    }
  });

  it('takes a worker’s own full or missing scratch disk for that worker’s fault', async () => {
    const server = await serve((_, response) => response.end('video'));
    const toFile = join(fetches.folder, 'no-such-folder', 'source');
    await expect(fetchTo(server.url, { toFile })).rejects.toMatchObject({
      code: 'internal',
      fault: 'worker',
      away: 'scratch',
    });
  });

  it('takes refused connections for unreachable, to be tried again', async () => {
    const server = await startHttpServer(() => undefined);
    await server.stop();
    await expect(fetchTo(server.url)).rejects.toMatchObject({
      ...unreachable(true),
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('stops with the reason of an abort, before and within the answer', async () => {
    const reason = new Error('canceled by a test');
    const controller = new AbortController();
    const server = await serve((_, response) => {
      response.write('some', () => controller.abort(reason));
    });
    await expect(fetchTo(server.url, { signal: controller.signal })).rejects.toBe(reason);
    await expect(fetchTo(server.url, { signal: controller.signal })).rejects.toBe(reason);
    expect(await readdir(fetches.folder)).toEqual([]);
  });

  it('sends credentials of the address and tells neither them nor its query', async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    const url = `http://user:pass-word@127.0.0.1:${server.port}/v.mp4?signature=abc`;
    const error = await fetchTo(url).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('/v.mp4 answered 404');
    expect(String(error)).not.toMatch(/user|pass-word|abc/);
    expect(seen).toEqual([`Basic ${Buffer.from('user:pass-word').toString('base64')}`]);
  });

  it('refuses an encoded answer, which it did not ask for', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    await expect(fetchTo(server.url)).rejects.toMatchObject(unreachable(false));
  });

  it('never writes over a file', async () => {
    const server = await serve((_, response) => response.end('new'));
    await writeFile(join(fetches.folder, 'source'), 'old');
    await expect(fetchTo(server.url)).rejects.toMatchObject({ code: 'internal' });
    expect(await readFile(join(fetches.folder, 'source'), 'utf8')).toBe('old');
  });
});
