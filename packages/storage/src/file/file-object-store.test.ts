import { mkdtemp, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobError, toJobError } from '@styleflow/contracts';
import { startHttpServer } from '@styleflow/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeObjectStore } from '../port/object-store.cases.js';
import { FileObjectStore } from './file-object-store.js';
import { verifyUploadSignature } from './verify-upload-signature.js';

const HTTP_STATUS: Readonly<Record<string, number>> = { forbidden: 403, upload_expired: 410, payload_too_large: 413 };

async function openServed(folder: string) {
  let url = '';
  const store = await FileObjectStore.open({ folder, publicUrl: () => url });
  // Serves signed uploads as the API does.
  const server = await startHttpServer(async (request, response) => {
    try {
      const query = Object.fromEntries(new URL(request.url ?? '', url).searchParams);
      const { key, maxBytes } = verifyUploadSignature(store, query);
      await store.putStream(key, request, { contentType: 'application/octet-stream', maxBytes });
      response.writeHead(200).end();
    } catch (error) {
      response.writeHead(HTTP_STATUS[toJobError(error).code] ?? 500).end();
    }
  });
  url = server.url;
  const upload = async (signed: { url: string }, body: string): Promise<number> =>
    (await fetch(signed.url, { method: 'PUT', body })).status;
  return { store, upload, stop: () => server.stop() };
}

describeObjectStore('FileObjectStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-store-'));
  const { store, upload, stop } = await openServed(folder);
  return {
    store,
    other: await FileObjectStore.open({ folder }),
    leftovers: async () => (await readdir(join(folder, 'drafts'))).length,
    upload,
    // A disk that is not mounted looks like this.
    breakDown: async () => {
      await rename(join(folder, 'objects'), join(folder, 'objects.away'));
      await rename(join(folder, 'drafts'), join(folder, 'drafts.away'));
    },
    repair: async () => {
      await rename(join(folder, 'objects.away'), join(folder, 'objects'));
      await rename(join(folder, 'drafts.away'), join(folder, 'drafts'));
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
});

describe('a file store', () => {
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
  async function newFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-store-'));
    folders.push(folder);
    return folder;
  }

  it('is refused by a sentence where a file system makes no folders', { tags: ['linux'] }, async () => {
    await expect(FileObjectStore.open({ folder: '/proc/styleflow/store' })).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'The object store file:/proc/styleflow/store could not be used (ENOENT)',
    });
  });

  it('never leaves its folder, whatever the key', async () => {
    const folder = await newFolder();
    const store = await FileObjectStore.open({ folder: join(folder, 'store') });
    for (const key of ['../out', 'a/../../out', '/out', 'a//b', './a', 'a/.', '', 'a/', 'a\0b', '\ud800']) {
      await expect(store.put(key, 'x', 'text/plain')).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(store.get(key)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(store.delete([key])).rejects.toMatchObject({ code: 'invalid_request' });
    }
    await store.put('..%2f..%2fout', 'x', 'text/plain');
    await store.put('..\\..\\out', 'x', 'text/plain');
    expect(await readdir(folder)).toEqual(['store']);
    expect((await readdir(join(folder, 'store'))).sort()).toEqual(['drafts', 'objects', 'types', 'upload-secret']);
    await expect(store.deletePrefix('../../')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('refuses a key that is the folder of another, either way round', async () => {
    const store = await FileObjectStore.open({ folder: await newFolder() });
    await store.put('a/b', 'x', 'text/plain');
    await expect(store.put('a', 'x', 'text/plain')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(store.put('a/b/c', 'x', 'text/plain')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('keeps a report as a plain file that can be opened where it lies', async () => {
    const folder = await newFolder();
    const store = await FileObjectStore.open({ folder });
    await store.put('jobs/a/report.html', '<p>', 'text/html; charset=utf-8');
    expect((await stat(join(folder, 'objects/jobs/a/report.html'))).size).toBe(3);
    expect(await readdir(join(folder, 'types'))).toEqual([]);
  });

  it('puts the parts of an upload together once, however many ask at the same time', async () => {
    const { store, upload: put, stop } = await openServed(await newFolder());
    const upload = await store.parts.begin('uploads/a/b');
    const signed = await store.parts.sign(upload, { part: 1, bytes: 3, expiresInSeconds: 60 });
    expect(await put(signed, 'abc')).toBe(200);
    expect(await Promise.all([1, 2, 3].map(() => store.parts.join(upload, 1)))).toEqual([true, true, true]);
    expect((await store.get('uploads/a/b'))?.toString()).toBe('abc');
    expect(await store.parts.join(upload, 1)).toBe(false);
    await stop();
  });

  it('leaves no empty folders behind', async () => {
    const folder = await newFolder();
    const store = await FileObjectStore.open({ folder });
    await store.put('jobs/a/runs/1/clips/0.0', 'x', 'text/odd');
    await store.deletePrefix('jobs/a/');
    expect(await readdir(join(folder, 'objects'))).toEqual([]);
    expect(await readdir(join(folder, 'types'))).toEqual([]);
  });

  it('has one upload secret for all processes, which only its owner may read', async () => {
    const folder = await newFolder();
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => FileObjectStore.open({ folder, publicUrl: () => 'http://api' })),
    );
    const signed = await Promise.all(
      stores.map((store) => store.signUpload('uploads/a/b', { expiresInSeconds: 60, maxBytes: 5 })),
    );
    for (const store of stores) {
      for (const { url } of signed) {
        const query = Object.fromEntries(new URL(url).searchParams);
        expect(verifyUploadSignature(store, query)).toEqual({ key: 'uploads/a/b', maxBytes: 5 });
      }
    }
    expect((await stat(join(folder, 'upload-secret'))).mode & 0o777).toBe(0o600);
  });

  it('refuses an upload longer than was signed, or with a changed limit', async () => {
    const served = await openServed(await newFolder());
    const signed = await served.store.signUpload('uploads/a/b', { expiresInSeconds: 60, maxBytes: 5 });
    expect(await served.upload(signed, '123456')).toBe(413);
    expect(await served.upload({ url: signed.url.replace('max=5', 'max=6') }, '123456')).toBe(403);
    const { key: _, ...query } = Object.fromEntries(new URL(signed.url).searchParams);
    expect(() => verifyUploadSignature(served.store, query)).toThrow('not complete');
    expect(await served.store.head('uploads/a/b')).toBeNull();
    expect(await served.upload(signed, '12345')).toBe(200);
    await served.stop();
  });

  it('cannot sign where nobody serves uploads', async () => {
    const store = await FileObjectStore.open({ folder: await newFolder() });
    const signing = store.signUpload('uploads/a/b', { expiresInSeconds: 60, maxBytes: 5 });
    await expect(signing).rejects.toMatchObject({ code: 'internal' } satisfies Partial<JobError>);
  });

  it('sweeps what killed writers left, but no write that may still go on', async () => {
    const folder = await newFolder();
    await FileObjectStore.open({ folder });
    const [old, young] = [join(folder, 'drafts', 'old'), join(folder, 'drafts', 'young')];
    for (const draft of [old, young]) await writeFile(draft, 'half');
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    await utimes(old, longAgo, longAgo);
    await FileObjectStore.open({ folder });
    expect(await readdir(join(folder, 'drafts'))).toEqual(['young']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 24 * 3600 * 1000 });
    await FileObjectStore.open({ folder }).finally(() => vi.useRealTimers());
    expect(await readdir(join(folder, 'drafts'))).toEqual(['young']);
  });

  it('is opened, too, where no draft can be written', { tags: ['linux'] }, async () => {
    const folder = await newFolder();
    await symlink('/proc/self/task', join(folder, 'drafts'));
    const store = await FileObjectStore.open({ folder });
    expect(await store.get('sources/none')).toBeNull();
  });

  it('says storage_unavailable where no folder can be made', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(FileObjectStore.open({ folder: join(folder, 'file') })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });
});
