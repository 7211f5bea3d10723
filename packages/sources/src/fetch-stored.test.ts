import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchStored, type StoredSource } from './fetch-stored.js';

describe('fetchStored', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-sources-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const options = (more: { maxBytes?: number; idleTimeoutMs?: number; signal?: AbortSignal } = {}) => ({
    ...{ toFile: join(folder, 'source'), maxBytes: 1_000, idleTimeoutMs: 10_000, totalTimeoutMs: 20_000 },
    ...more,
  });
  const storeOf = (open: (signal?: AbortSignal) => Readable, bytes: number): StoredSource => ({
    getStream: async (_key, signal) => ({ stream: open(signal), bytes, contentType: 'video/mp4' }),
  });

  it('writes the object into a new file and tells length, digest and type', async () => {
    const store = storeOf(() => Readable.from([Buffer.from('vid'), Buffer.from('eo')]), 5);
    expect(await fetchStored(store, 'key', options())).toEqual({
      bytes: 5,
      sha256: createHash('sha256').update('video').digest('hex'),
      contentType: 'video/mp4',
    });
    expect(await readFile(join(folder, 'source'), 'utf8')).toBe('video');
  });

  it('takes an absent object for unreachable, for good', async () => {
    const fetching = fetchStored({ getStream: async () => null }, 'key', options());
    await expect(fetching).rejects.toMatchObject({ code: 'source_unreachable', retryable: false });
  });

  it('refuses an object that is too large before reading it', async () => {
    const unread = new Readable({ read: () => expect.unreachable() });
    const fetching = fetchStored(
      storeOf(() => unread, 1_001),
      'key',
      options(),
    );
    await expect(fetching).rejects.toMatchObject({ code: 'source_too_large' });
    expect(unread.destroyed).toBe(true);
  });

  it('leaves no file when the stream ends early, and throws on what the store throws', async () => {
    const short = storeOf(() => Readable.from([Buffer.from('vid')]), 5);
    await expect(fetchStored(short, 'key', options())).rejects.toMatchObject({
      code: 'source_unreachable',
      retryable: true,
    });
    const outage = new JobError('storage_unavailable', 'down');
    async function* failing(): AsyncGenerator<Buffer, void> {
      yield Buffer.from('vid');
      throw outage;
    }
    await expect(
      fetchStored(
        storeOf(() => Readable.from(failing()), 5),
        'key',
        options(),
      ),
    ).rejects.toBe(outage);
    expect(await readdir(folder)).toEqual([]);
  });

  describe('whose bytes do not fit the ETag of their object', () => {
    const etag = `"${createHash('md5').update('video').digest('hex')}"`;
    const readings = (...bodies: string[]): StoredSource & { readonly left: string[] } => ({
      left: bodies,
      getStream: async () => {
        const body = Buffer.from(bodies.shift() ?? '');
        return { stream: Readable.from([body]), bytes: body.length, contentType: 'video/mp4', etag };
      },
    });

    it('reads them again', async () => {
      const store = readings('vidEo', 'video');
      const { sha256 } = await fetchStored(store, 'key', options());
      expect([sha256, store.left]).toEqual([createHash('sha256').update('video').digest('hex'), []]);
      expect(await readFile(join(folder, 'source'), 'utf8')).toBe('video');
    });

    it('takes them, when it is the ETag that means something else', async () => {
      await fetchStored(readings('other', 'other'), 'key', options());
      expect(await readFile(join(folder, 'source'), 'utf8')).toBe('other');
    });

    it('blames the store for bytes that change from reading to reading', async () => {
      const fetching = fetchStored(readings('vidEo', 'viDeo'), 'key', options());
      await expect(fetching).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
      expect(await readdir(folder)).toEqual([]);
    });
  });

  it('gives up on silence and stops at an abort', async () => {
    // The signal destroys the stream, as the port of the store promises.
    const silent = storeOf((signal) => {
      const stream = new Readable({ read: () => undefined });
      signal?.addEventListener('abort', () => stream.destroy(signal.reason));
      return stream;
    }, 5);
    const fetching = fetchStored(silent, 'key', options({ idleTimeoutMs: 50 }));
    await expect(fetching).rejects.toMatchObject({ code: 'source_unreachable', retryable: true });
    const reason = new Error('canceled by a test');
    const controller = new AbortController();
    const canceled = fetchStored(silent, 'key', options({ signal: controller.signal }));
    controller.abort(reason);
    await expect(canceled).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});
