import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { unreachable, useFetches } from './test-fetches.js';

describe('the limits of a fetch', () => {
  const fetches = useFetches();
  const { serve, fetchTo } = fetches;

  it('refuses too many bytes by the length that is told, before reading any', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-length': 101 }).flushHeaders());
    const fetching = fetchTo(server.url, { maxBytes: 100 });
    await expect(fetching).rejects.toMatchObject({ code: 'source_too_large', retryable: false });
  });

  it('refuses too many bytes by counting when no length is told, and takes exactly as many', async () => {
    const server = await serve((request, response) => {
      response.write('x'.repeat(60));
      if (request.url === '/more') response.write('x'.repeat(41));
      else response.end('x'.repeat(40));
    });
    await expect(fetchTo(`${server.url}/more`, { maxBytes: 100 })).rejects.toMatchObject({ code: 'source_too_large' });
    expect(await readdir(fetches.folder)).toEqual([]);
    expect(await fetchTo(server.url, { maxBytes: 100 })).toMatchObject({ bytes: 100 });
  });

  it('gives up on silence before the answer and within it', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/within') response.writeHead(200).write('some');
    });
    for (const path of ['/before', '/within']) {
      const fetching = fetchTo(server.url + path, { idleTimeoutMs: 100 });
      await expect(fetching).rejects.toMatchObject({
        ...unreachable(true),
        message: expect.stringContaining('silent'),
      });
    }
    const never = () => new Promise<never>(() => undefined);
    const fetching = fetchTo('http://video.example/', { idleTimeoutMs: 100, resolveName: never });
    await expect(fetching).rejects.toMatchObject(unreachable(true));
    expect(await readdir(fetches.folder)).toEqual([]);
  });

  it('gives up on a source that drips', async () => {
    const server = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    });
    const fetching = fetchTo(server.url, { idleTimeoutMs: 5_000, totalTimeoutMs: 300 });
    await expect(fetching).rejects.toMatchObject({ ...unreachable(true), message: expect.stringContaining('longer') });
  });

  it('gives up on a source that never falls silent and brings too few bytes a second', async () => {
    const server = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    });
    const floor = { minBytesPerSecond: 1_000, windowMs: 300 };
    await expect(fetchTo(server.url, { floor })).rejects.toMatchObject({
      ...unreachable(true),
      message: expect.stringContaining('fewer than 1000 bytes a second'),
    });
    expect(await readdir(fetches.folder)).toEqual([]);
  });
});
