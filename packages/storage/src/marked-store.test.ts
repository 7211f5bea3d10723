import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type S3Server, startS3 } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARKER_KEY } from './keys/object-keys.js';
import { openMarkedStore, openObjectStore } from './open-object-store.js';
import { MarkedStore } from './port/marked-store.js';
import type { ObjectStore } from './port/object-store.js';
import type { KnownStore, StoreRegister } from './port/store-register.js';
import { S3ObjectStore } from './s3/s3-object-store.js';

/** What Redis does, in memory. */
class Register implements StoreRegister {
  store: KnownStore | null = null;
  known = async (): Promise<KnownStore | null> => this.store;
  remember = async (id: string): Promise<KnownStore> => {
    this.store ??= { id, isMarked: false };
    return this.store;
  };
  confirm = async (id: string): Promise<void> => {
    this.store = { id, isMarked: true };
  };
}

const AWAY = { code: 'storage_unavailable' };

interface Place {
  /** The store as a process finds it at its start. */
  open(): Promise<MarkedStore>;
  /** The storage without the guard. */
  readonly raw: ObjectStore;
}

let server: S3Server;
const folders: string[] = [];
beforeAll(async () => {
  server = await startS3();
});
afterAll(async () => {
  await server.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-marked-'));
  folders.push(folder);
  return join(folder, 'store');
}

const settingsOf = (folder: string) => ({
  STYLEFLOW_STORE: { kind: 'file', folder } as const,
  STYLEFLOW_S3_SOURCE_BUCKETS: [],
});

let prefixes = 0;
const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'a folder': async () => {
    const settings = settingsOf(await newFolder());
    return { open: () => openMarkedStore(settings), raw: await openObjectStore(settings) };
  },
  'a bucket': async () => {
    const { bucket, endpoint, accessKeyId, secretAccessKey } = server;
    prefixes += 1;
    const credentials = { accessKeyId, secretAccessKey };
    const raw = new S3ObjectStore({ bucket, endpoint, credentials, prefix: `marked-${prefixes}` });
    return { open: async () => new MarkedStore(raw), raw };
  },
};

describe.each(Object.keys(PLACES))('the marker of a store in %s', (name) => {
  const newPlace = (): Promise<Place> => (PLACES[name] as () => Promise<Place>)();

  it('is made at the first start, found at the next, and no object of anybody', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const first = await place.open();
    const id = await first.identify(register);
    expect(register.store).toEqual({ id, isMarked: true });
    expect(await (await place.open()).identify(register)).toBe(id);
    expect(await place.raw.head(MARKER_KEY)).not.toBeNull();
    for await (const { key } of first.list('')) expect(key).toBeUndefined();
    await first.check();
  });

  it('is the same for all who start first at once', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const stores = await Promise.all(Array.from({ length: 5 }, () => place.open()));
    const ids = await Promise.all(stores.map((store) => store.identify(register)));
    expect(new Set(ids).size).toBe(1);
    for (const store of stores) await store.put('a', 'x', 'text/plain');
  });

  it('is found by who had not seen it yet when another one wrote and told it', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const remember = register.remember.bind(register);
    // Between the look at the store and the word to Redis.
    register.remember = async (id) => {
      register.remember = remember;
      await (await place.open()).identify(register);
      return remember(id);
    };
    expect(await (await place.open()).identify(register)).toBe(register.store?.id);
  });

  it('comes to a store and a Redis of a version before, whose objects stay', async () => {
    const [place, register] = [await newPlace(), new Register()];
    await place.raw.put('jobs/a/source', 'film', 'video/mp4');
    const store = await place.open();
    await store.identify(register);
    expect((await store.get('jobs/a/source'))?.toString()).toBe('film');
  });

  it('tells a Redis that forgot', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const store = await place.open();
    const id = await store.identify(register);
    register.store = null;
    expect(await (await place.open()).identify(register)).toBe(id);
    register.store = null;
    // So does a process that has been running all the while.
    expect(await store.identify(register)).toBe(id);
    expect(register.store).toEqual({ id, isMarked: true });
  });

  it('completes what a crash left between Redis and store', async () => {
    const [place, register] = [await newPlace(), new Register()];
    await register.remember('sto_minted');
    expect(await (await place.open()).identify(register)).toBe('sto_minted');
    expect(register.store).toEqual({ id: 'sto_minted', isMarked: true });
  });

  it('keeps a process from starting on an emptied store or a wrong one, and says which is which', async () => {
    const [place, other, register] = [await newPlace(), await newPlace(), new Register()];
    const id = await (await place.open()).identify(register);
    const wrongId = await (await other.open()).identify(new Register());
    const wrong = await (await other.open()).identify(register).catch(String);
    expect(wrong).toContain(id);
    expect(wrong).toContain(wrongId);
    await place.raw.delete([MARKER_KEY]);
    await expect((await place.open()).identify(register)).rejects.toMatchObject(AWAY);
    expect(await (await place.open()).identify(register).catch(String)).toContain(id);
    expect(await place.raw.head(MARKER_KEY)).toBeNull();
  });

  it('confirms nothing that was written just after another store took its place, though nobody had looked since', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const store = await place.open();
    await store.identify(register);
    await store.put('jobs/a/result.json', '{}', 'application/json');
    await store.confirm();
    await place.raw.delete([MARKER_KEY]);
    await store.put('jobs/b/result.json', '{}', 'application/json');
    await expect(store.confirm()).rejects.toMatchObject(AWAY);
  });

  it('makes every absence in an emptied store an outage, never a missing object', async () => {
    const [place, register] = [await newPlace(), new Register()];
    const store = await place.open();
    await store.identify(register);
    await store.put('jobs/a/source', 'film', 'video/mp4');
    expect(await store.get('jobs/b/source')).toBeNull();
    await place.raw.delete([MARKER_KEY, 'jobs/a/source']);
    const list = async (): Promise<void> => {
      for await (const { key } of store.list('jobs/')) expect(key).toBeUndefined();
    };
    await expect(store.get('jobs/a/source')).rejects.toMatchObject(AWAY);
    await expect(store.getStream('jobs/a/source')).rejects.toMatchObject(AWAY);
    await expect(store.head('jobs/a/source')).rejects.toMatchObject(AWAY);
    await expect(store.copy('jobs/a/source', 'jobs/b/source')).rejects.toMatchObject(AWAY);
    await expect(list()).rejects.toMatchObject(AWAY);
    // From the first such look on nothing is written, either, and the process is not ready.
    await expect(store.put('a', 'x', 'text/plain')).rejects.toMatchObject(AWAY);
    const options = { contentType: 'text/plain' };
    await expect(store.putStream('a', Readable.from([Buffer.from('x')]), options)).rejects.toMatchObject(AWAY);
    await expect(store.delete(['a'])).rejects.toMatchObject(AWAY);
    await expect(store.deletePrefix('jobs/')).rejects.toMatchObject(AWAY);
    await expect(store.check()).rejects.toMatchObject(AWAY);
    for await (const { key } of place.raw.list('')) expect(key).toBeUndefined();
    await place.raw.put(MARKER_KEY, JSON.stringify({ v: 1, store: store.id }), 'application/json');
    await store.put('a', 'x', 'text/plain');
    await store.check();
  });
});

describe('a folder that has vanished', () => {
  it('is never made again by who writes, nor by a start', async () => {
    const [folder, register] = [await newFolder(), new Register()];
    const open = () => openMarkedStore(settingsOf(folder));
    const store = await open();
    const id = await store.identify(register);
    await store.put('jobs/a/source', 'film', 'video/mp4');
    await rename(folder, `${folder}.away`);
    const stream = (): Readable => Readable.from([Buffer.from('x')]);
    for (const work of [
      () => store.put('jobs/b/source', 'x', 'video/mp4'),
      () => store.putStream('jobs/b/source', stream(), { contentType: 'video/odd' }),
      () => store.copy('jobs/a/source', 'jobs/b/source'),
      () => store.get('jobs/a/source'),
      () => store.check(),
      () => store.identify(register),
      async () => (await open()).identify(register),
    ]) {
      await expect(work()).rejects.toMatchObject(AWAY);
    }
    expect(await (await open()).identify(register).catch(String)).toContain(id);
    expect(await readdir(join(folder, '..'))).toEqual(['store.away']);
    await rename(`${folder}.away`, folder);
    expect((await store.get('jobs/a/source'))?.toString()).toBe('film');
  });

  it('is not filled where only the objects are gone, also by who never looked at the marker', async () => {
    const folder = await newFolder();
    const store = await openObjectStore(settingsOf(folder));
    await rename(join(folder, 'objects'), join(folder, 'objects.away'));
    await expect(store.put('jobs/a/b', 'x', 'text/odd')).rejects.toMatchObject(AWAY);
    expect(await readdir(folder)).not.toContain('objects');
  });
});
