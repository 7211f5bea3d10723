import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import type { ObjectStore, SignedUpload } from './object-store.js';

/** As much of a store under test as its signed uploads need. */
export interface SignedUploadsUnderTest {
  readonly store: Pick<ObjectStore, 'signUpload' | 'get' | 'head'>;
  upload(signed: Pick<SignedUpload, 'url' | 'method' | 'headers'>, body: string): Promise<number>;
}

/** Every promise of uploads in one piece, as tests of one adapter. */
export function describeSignedUploads(under: () => SignedUploadsUnderTest): void {
  describe('a signed upload', () => {
    it('signs an upload that anyone may send until it expires, and again', async () => {
      const before = Date.now();
      const signed = await under().store.signUpload('signed/a b+ü', { expiresInSeconds: 600, maxBytes: 100 });
      expect(signed.expiresAt.getTime()).toBeGreaterThan(before + 590_000);
      expect(await under().upload(signed, 'first')).toBe(200);
      expect(await under().upload(signed, 'second')).toBe(200);
      expect((await under().store.get('signed/a b+ü'))?.toString()).toBe('second');
    });

    it('signs a length that was told, and takes no other', async () => {
      const signed = await under().store.signUpload('signed/length', { expiresInSeconds: 60, maxBytes: 100, bytes: 5 });
      expect(signed.headers).toEqual({ 'Content-Length': '5' });
      const send = (body: string): Promise<number> => under().upload({ ...signed, headers: {} }, body);
      expect(await send('a film')).toBeGreaterThanOrEqual(400);
      expect(await under().store.head('signed/length')).toBeNull();
      expect(await send('video')).toBe(200);
    });

    it('signs for one key, one method and one time only', async () => {
      const signed = await under().store.signUpload('signed/mine', { expiresInSeconds: 60, maxBytes: 100 });
      const other = { ...signed, url: signed.url.replace('mine', 'yours') };
      expect(other.url).not.toBe(signed.url);
      expect(await under().upload(other, 'x')).toBe(403);
      const changed = signed.url.replace(
        /([Ss]ignature=)(.)/,
        (_, start, first) => start + (first === '0' ? '1' : '0'),
      );
      expect(await under().upload({ ...signed, url: changed }, 'x')).toBe(403);
      expect(await under().store.head('signed/mine')).toBeNull();
      expect(await under().store.head('signed/yours')).toBeNull();
    });

    it('refuses a signed upload after its time', async () => {
      const signed = await under().store.signUpload('signed/late', { expiresInSeconds: 1, maxBytes: 100 });
      await until('it is refused', async () => [403, 410].includes(await under().upload(signed, 'x')));
    });
  });
}
