import { JobError } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import type { SignedUpload } from './object-store.js';
import type { PartUpload, PartUploads } from './part-uploads.js';

/** As much of a store under test as its uploads in parts need. */
export interface PartsUnderTest {
  readonly store: {
    readonly parts: PartUploads;
    get(key: string): Promise<Buffer | null>;
    head(key: string): Promise<{ readonly bytes: number } | null>;
  };
  readonly other: { readonly parts: PartUploads };
  /** Unfinished writes that the storage still holds. */
  leftovers(): Promise<number>;
  upload(signed: Pick<SignedUpload, 'url' | 'method' | 'headers'>, body: string): Promise<number>;
  breakDown(): Promise<void>;
  repair(): Promise<void>;
}

/** The least that S3 servers take as a part that is not the last. */
const PART_BYTES = 5 * 1024 * 1024;
const letter = (of: string): string => of.repeat(PART_BYTES);

/** Every promise of uploads in parts, as tests of one adapter. */
export function describePartUploads(under: () => PartsUnderTest): void {
  const send = async (upload: PartUpload, part: number, body: string): Promise<number> => {
    const signed = await under().store.parts.sign(upload, { part, bytes: body.length, expiresInSeconds: 60 });
    return under().upload(signed, body);
  };
  const openKeys = async (prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of under().other.parts.open(prefix)) keys.push(key);
    return keys;
  };

  describe('an object in parts', () => {
    it('is whole once it is joined and not before, whatever the order, and a part that was sent again counts once', async () => {
      const { store, other } = under();
      const upload = await store.parts.begin('parted/whole ü');
      expect(await other.parts.stored(upload)).toEqual([]);
      expect(await send(upload, 2, 'end')).toBe(200);
      expect(await send(upload, 1, letter('a'))).toBe(200);
      expect(await send(upload, 1, letter('b'))).toBe(200);
      expect(await other.parts.stored(upload)).toEqual([
        { part: 1, bytes: PART_BYTES },
        { part: 2, bytes: 3 },
      ]);
      expect(await store.head('parted/whole ü')).toBeNull();
      expect(await other.parts.join(upload, 2)).toBe(true);
      expect((await store.get('parted/whole ü'))?.toString()).toBe(`${letter('b')}end`);
      expect(await openKeys('parted/')).toEqual([]);
      await store.parts.abort(upload);
      expect((await store.get('parted/whole ü'))?.byteLength).toBe(PART_BYTES + 3);
      expect(await under().leftovers()).toBe(0);
    });

    it('takes of each part exactly the length that was signed, and nothing in the name of another', async () => {
      const { store } = under();
      const upload = await store.parts.begin('parted/length');
      const signed = await store.parts.sign(upload, { part: 1, bytes: 5, expiresInSeconds: 60 });
      expect(signed.headers).toEqual({ 'Content-Length': '5' });
      expect(await under().upload({ ...signed, headers: {} }, 'a film')).toBeGreaterThanOrEqual(400);
      const other = signed.url.replace(/00001|partNumber=1/, (one) => one.replace(/1$/, '2'));
      expect(other).not.toBe(signed.url);
      expect(await under().upload({ ...signed, url: other }, 'video')).toBe(403);
      expect(await store.parts.stored(upload)).toEqual([]);
      await store.parts.abort(upload);
    });

    it('leaves nothing when it is aborted, and what arrives later is found', async () => {
      const { store } = under();
      const upload = await store.parts.begin('parted/aborted');
      const late = await store.parts.sign(upload, { part: 2, bytes: 4, expiresInSeconds: 60 });
      await send(upload, 1, letter('a'));
      expect(await openKeys('parted/')).toEqual(['parted/aborted']);
      expect(await openKeys('elsewhere/')).toEqual([]);
      await store.parts.abort(upload);
      await store.parts.abort(upload);
      expect(await store.parts.stored(upload)).toBeNull();
      expect(await store.parts.join(upload, 1)).toBe(false);
      await under().upload(late, 'late');
      for await (const found of store.parts.open('parted/')) await store.parts.abort(found);
      expect(await openKeys('parted/')).toEqual([]);
      expect(await under().leftovers()).toBe(0);
    });

    it('is listed with its time, each by itself', async () => {
      const { store } = under();
      const before = Date.now();
      const uploads = [await store.parts.begin('listed/a'), await store.parts.begin('listed/b')];
      uploads.push(await store.parts.begin('listed/b'));
      const found: (PartUpload & { since: Date })[] = [];
      for await (const each of store.parts.open('listed/')) found.push(each);
      expect(found.map(({ key }) => key)).toEqual(['listed/a', 'listed/b', 'listed/b']);
      expect(new Set(found.map(({ ref }) => ref))).toEqual(new Set(uploads.map(({ ref }) => ref)));
      for (const { since } of found) expect(Math.abs(since.getTime() - before)).toBeLessThan(60_000);
      for (const upload of uploads) await store.parts.abort(upload);
    });

    it('is an outage where the store is away, and goes on after it', async () => {
      const { store } = under();
      const upload = await store.parts.begin('parted/outage');
      await send(upload, 1, 'whole');
      await under().breakDown();
      const outage = expect.objectContaining({ code: 'storage_unavailable' });
      await expect(store.parts.begin('parted/b')).rejects.toEqual(outage);
      await expect(store.parts.stored(upload)).rejects.toBeInstanceOf(JobError);
      await expect(store.parts.join(upload, 1)).rejects.toEqual(outage);
      await under().repair();
      await until('it is there again', async () => (await store.parts.stored(upload).catch(() => null)) !== null);
      expect(await store.parts.join(upload, 1)).toBe(true);
      expect((await store.get('parted/outage'))?.toString()).toBe('whole');
    });
  });
}
