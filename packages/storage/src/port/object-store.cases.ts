import { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, SignedUpload } from './object-store.js';
import { describePartUploads } from './part-uploads.cases.js';
import { describeSignedUploads } from './signed-uploads.cases.js';
import { chunks, collect, digest } from './test-streams.js';

/** What the test of an adapter provides: the store, and ways to look behind it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** A second store on the same storage, as another process would open it. */
  readonly other: ObjectStore;
  /** Unfinished writes that the storage still holds. */
  leftovers(): Promise<number>;
  /** Sends a body to a signed address, as its holder would. @returns the HTTP status. */
  upload(signed: Pick<SignedUpload, 'url' | 'method' | 'headers'>, body: string): Promise<number>;
  /** Makes the storage unreachable, and reachable again. */
  breakDown(): Promise<void>;
  repair(): Promise<void>;
  close(): Promise<void>;
}

const MIB = 1024 * 1024;

function withCode(code: string): unknown {
  return expect.objectContaining({ name: 'JobError', code });
}

/** Every promise of the port, run against one adapter. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under.close());

    it('gives back what was put, with its type, length and time', async () => {
      const before = Date.now();
      await store.put('basic/a.json', '{"ä":1}', 'application/json');
      await store.put('basic/b', Uint8Array.of(0, 255, 10), 'text/x-odd; charset=utf-8');
      expect((await under.other.get('basic/a.json'))?.toString()).toBe('{"ä":1}');
      const found = await under.other.getStream('basic/b');
      expect(found?.contentType).toBe('text/x-odd; charset=utf-8');
      expect(found?.bytes).toBe(3);
      expect(Buffer.concat(await (found?.stream.toArray() ?? []))).toEqual(Buffer.from([0, 255, 10]));
      const facts = await store.head('basic/a.json');
      expect(facts).toMatchObject({ key: 'basic/a.json', bytes: 8 });
      // S3 servers round this time to whole seconds.
      expect(facts?.modifiedAt.getTime()).toBeGreaterThan(before - 1_000);
      expect(facts?.modifiedAt.getTime()).toBeLessThan(Date.now() + 1_000);
    });

    it('keeps an empty object apart from an absent one', async () => {
      await store.put('empty/here', '', 'text/plain');
      await store.putStream('empty/streamed', chunks(0), { contentType: 'text/plain' });
      expect(await store.get('empty/here')).toEqual(Buffer.alloc(0));
      expect(await store.head('empty/streamed')).toMatchObject({ bytes: 0 });
      expect(await store.get('empty/absent')).toBeNull();
      expect(await store.getStream('empty/absent')).toBeNull();
      expect(await store.head('empty/absent')).toBeNull();
      expect(await store.head('empty')).toBeNull();
      expect(await store.get('empty')).toBeNull();
      expect(await store.get('empty/here/below')).toBeNull();
    });

    it('lets the last writer win, while who reads already goes on reading the first', async () => {
      const first = await store.putStream('twice', chunks(64), { contentType: 'text/plain' });
      const reading = await store.getStream('twice');
      await store.put('twice', 'second', 'text/html');
      const again = await store.getStream('twice');
      expect(again?.contentType).toBe('text/html');
      expect(Buffer.concat(await (again?.stream.toArray() ?? [])).toString()).toBe('second');
      expect(await digest(reading?.stream ?? Readable.from([]))).toEqual(first);
    });

    it('keeps keys with odd characters apart and lists them in the order of their bytes', async () => {
      const odd = [
        ' ',
        "!'()*",
        '#?&=',
        '+',
        '%',
        '%20',
        '%2F',
        '"<>&',
        'a',
        'a b',
        'a+b',
        '\u00fc',
        'u\u0308',
        '日本',
        '😀',
        '~',
        '\\',
      ];
      const keys = [...odd.map((text) => `odd/${text}`), 'odd/a.b/c', 'odd/a-b/c', 'odd/a0', 'odd/..x', 'odd/x/y/z'];
      for (const key of keys) await store.put(key, `of ${key}`, 'text/plain');
      const inOrder = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await collect(under.other.list('odd/'))).toEqual(inOrder);
      for (const key of keys) expect((await under.other.get(key))?.toString()).toBe(`of ${key}`);
      for (const key of keys) expect(await store.copy(key, `${key}.copy`)).toBe(true);
      expect((await store.get('odd/%20.copy'))?.toString()).toBe('of odd/%20');
      await store.delete(keys);
      expect(await collect(store.list('odd/'))).toEqual(inOrder.map((key) => `${key}.copy`).sort());
    });

    it('lists by any beginning of a key, also in the middle of a name', async () => {
      for (const key of ['runs/1/a', 'runs/11/a', 'runs/2', 'run']) await store.put(key, 'x', 'text/plain');
      expect(await collect(store.list('runs/1'))).toEqual(['runs/1/a', 'runs/11/a']);
      expect(await collect(store.list('runs/1/'))).toEqual(['runs/1/a']);
      expect(await collect(store.list('run'))).toEqual(['run', 'runs/1/a', 'runs/11/a', 'runs/2']);
      expect(await collect(store.list('nowhere/at/all'))).toEqual([]);
    });

    it('streams 128 MiB in memory for a few parts, and tells length and digest', async () => {
      const count = 2_048;
      const expected = await digest(chunks(count));
      const before = process.memoryUsage().arrayBuffers;
      let peak = before;
      async function* watched(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
        for await (const chunk of body) {
          peak = Math.max(peak, process.memoryUsage().arrayBuffers);
          yield chunk;
        }
      }
      // Requests have a signal. Waiting for its abort must not keep chunks in memory that have been stored.
      const { signal } = new AbortController();
      const options = { contentType: 'video/mp4', maxBytes: 128 * MIB, signal };
      expect(await store.putStream('big/video', watched(chunks(count)), options)).toEqual(expected);
      expect(expected.bytes).toBe(128 * MIB);
      const found = await under.other.getStream('big/video');
      expect(found?.bytes).toBe(128 * MIB);
      expect(await digest(watched(found?.stream ?? Readable.from([])))).toEqual(expected);
      // Two parts of 8 MiB, the client's copies of them, and garbage that is not collected yet (README "Memory").
      expect(peak - before).toBeLessThan(110 * MIB);
      expect(await store.copy('big/video', 'big/copy')).toBe(true);
      await store.delete(['big/video']);
      const copied = await store.getStream('big/copy');
      expect(copied?.contentType).toBe('video/mp4');
      expect(await digest(copied?.stream ?? Readable.from([]))).toEqual(expected);
    });

    it.each([
      ['before the first part', 10, MIB / 2],
      ['after some parts', 500, 20 * MIB],
    ])('leaves nothing of a body that is too long, found out %s', async (_when, count, maxBytes) => {
      const storing = store.putStream('refused/long', chunks(count), { contentType: 'video/mp4', maxBytes });
      await expect(storing).rejects.toEqual(withCode('payload_too_large'));
      expect(await store.head('refused/long')).toBeNull();
      expect(await under.leftovers()).toBe(0);
    });

    it('throws on what the body throws, keeps what was there before, and ends the body', async () => {
      await store.put('refused/kept', 'before', 'text/plain');
      const fault = new JobError('source_unreachable', 'the source went away');
      let isEnded = false;
      async function* failing(): AsyncGenerator<Uint8Array, void> {
        try {
          yield* chunks(300);
          throw fault;
        } finally {
          isEnded = true;
        }
      }
      await expect(store.putStream('refused/kept', failing(), { contentType: 'video/mp4' })).rejects.toBe(fault);
      expect(isEnded).toBe(true);
      expect((await store.get('refused/kept'))?.toString()).toBe('before');
      expect(await under.leftovers()).toBe(0);
    });

    it('stops storing at an abort, even when the body is silent', async () => {
      const controller = new AbortController();
      const reason = new JobError('canceled', 'canceled by a test');
      async function* silent(): AsyncGenerator<Uint8Array, void> {
        yield* chunks(200);
        controller.abort(reason);
        await new Promise(() => undefined);
      }
      const { signal } = controller;
      await expect(store.putStream('refused/aborted', silent(), { contentType: 'video/mp4', signal })).rejects.toBe(
        reason,
      );
      expect(await store.head('refused/aborted')).toBeNull();
      expect(await under.leftovers()).toBe(0);
      await expect(store.getStream('twice', signal)).rejects.toBe(reason);
    });

    it('stops reading at an abort', async () => {
      await store.putStream('long', chunks(320), { contentType: 'video/mp4' });
      const controller = new AbortController();
      const reason = new JobError('canceled', 'canceled by a test');
      const found = await store.getStream('long', controller.signal);
      const reading = (async () => {
        for await (const _ of found?.stream ?? []) controller.abort(reason);
      })();
      await expect(reading).rejects.toBe(reason);
    });

    it('deletes more than a thousand objects of one prefix, counts them and leaves its neighbours', async () => {
      const keys = Array.from({ length: 1_003 }, (_, index) => `many/a/${index % 7}/${index}`);
      for (let from = 0; from < keys.length; from += 16) {
        await Promise.all(keys.slice(from, from + 16).map((key) => store.put(key, 'x', 'text/plain')));
      }
      await store.put('many/ab', 'stays', 'text/plain');
      expect(await collect(store.list('many/a/'))).toEqual([...keys].sort());
      expect(await store.deletePrefix('many/a/')).toBe(1_003);
      expect(await store.deletePrefix('many/a/')).toBe(0);
      expect(await collect(store.list('many/'))).toEqual(['many/ab']);
    });

    it('deletes what is absent without a word, and refuses to delete everything', async () => {
      await store.put('deleted/one', 'x', 'text/plain');
      await store.delete(['deleted/one', 'deleted/absent', 'nowhere/at/all']);
      await store.delete(['deleted/one']);
      await store.delete([]);
      expect(await store.head('deleted/one')).toBeNull();
      await expect(store.deletePrefix('')).rejects.toEqual(withCode('invalid_request'));
    });

    it('copies nothing from an absent key', async () => {
      expect(await store.copy('copied/absent', 'copied/to')).toBe(false);
      expect(await store.head('copied/to')).toBeNull();
    });

    it('copies over what is there, also a key to itself', async () => {
      await store.put('copied/from', 'new', 'text/plain');
      await store.put('copied/to', 'old', 'text/html');
      expect(await store.copy('copied/from', 'copied/to')).toBe(true);
      expect(await store.copy('copied/from', 'copied/to')).toBe(true);
      await store.put('copied/from', 'newer', 'text/plain');
      const copied = await store.getStream('copied/to');
      expect(copied?.contentType).toBe('text/plain');
      expect((await store.get('copied/to'))?.toString()).toBe('new');
      expect(await under.leftovers()).toBe(0);
    });

    it('keeps writers of one key apart: the object is one of theirs, whole', async () => {
      const bodies = Array.from({ length: 8 }, (_, index) => Buffer.alloc(200_000, index));
      await Promise.all(bodies.map((body) => store.put('raced', body, 'application/octet-stream')));
      const found = await store.get('raced');
      expect(bodies.some((body) => found?.equals(body))).toBe(true);
    });

    it('writes while others delete the last neighbours away', async () => {
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          await store.put(`busy/folder/${index}`, 'x', 'text/odd');
          await under.other.delete([`busy/folder/${index}`]);
        }),
      );
      expect(await collect(store.list('busy/'))).toEqual([]);
    });

    describeSignedUploads(() => under);
    describePartUploads(() => under);

    it('says storage_unavailable in an outage, also in the middle of a stream, and works after it', async () => {
      await store.putStream('outage/long', chunks(320), { contentType: 'video/mp4' });
      const reading = await store.getStream('outage/long');
      await store.check();
      await under.breakDown();
      const outage = withCode('storage_unavailable');
      await expect(store.check()).rejects.toEqual(outage);
      await expect(store.put('outage/a', 'x', 'text/plain')).rejects.toEqual(outage);
      await expect(store.putStream('outage/a', chunks(200), { contentType: 'x/y' })).rejects.toEqual(outage);
      await expect(store.get('outage/long')).rejects.toEqual(outage);
      await expect(store.getStream('outage/long')).rejects.toEqual(outage);
      await expect(store.head('outage/absent')).rejects.toEqual(outage);
      await expect(collect(store.list('outage/'))).rejects.toEqual(outage);
      await expect(store.delete(['outage/a'])).rejects.toEqual(outage);
      await expect(store.deletePrefix('outage/')).rejects.toEqual(outage);
      await expect(store.copy('outage/long', 'outage/b')).rejects.toEqual(outage);
      // An open file can be read on, a connection cannot. In no case may the stream end early as if it were complete.
      const read = await digest(reading?.stream ?? Readable.from([])).catch((error: unknown) => error);
      expect(read).toSatisfy((seen: unknown) => {
        if (seen instanceof JobError) return seen.code === 'storage_unavailable';
        return (seen as { bytes: number }).bytes === 20 * MIB;
      });
      await under.repair();
      await store.check();
      expect(await collect(store.list('outage/'))).toEqual(['outage/long']);
    });

    it('names itself without credentials', () => {
      expect(store.address).toMatch(/^(s3:\/\/test-[0-9a-f]+\/|file:\/)/);
    });
  });
}
