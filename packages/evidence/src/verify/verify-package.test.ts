import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extendCustody } from '../custody/custody-chain.js';
import { fingerprintOf } from '../keys/public-key.js';
import { readZip } from '../package/read-zip.js';
import { writeZip } from '../package/zip-form.js';
import { AT, JOB, makeFolder, makeKey, makePackage, type TestFolder, type TestKey } from '../test-package.js';
import { NO_TRUST, type TrustedKeys } from './trust.js';
import { verifyPackage } from './verify-package.js';

let folder: TestFolder;
let key: TestKey;
let bytes: Buffer;
let trust: TrustedKeys;

beforeAll(async () => {
  folder = await makeFolder();
  key = makeKey();
  trust = { keys: [key.jwk], fingerprints: [] };
  bytes = await makePackage(key);
});
afterAll(() => folder.remove());

const verify = async (whole: Uint8Array, by: TrustedKeys = trust) =>
  verifyPackage(await folder.write('package.zip', whole), by);

describe('an evidence package', () => {
  it('is trusted with the right key, by a key file, a set or a fingerprint', async () => {
    const byPrint = { keys: [], fingerprints: [fingerprintOf(key.jwk)] };
    for (const given of [trust, byPrint]) {
      const { status, faults, custody, checked } = await verify(bytes, given);
      expect(faults).toEqual([]);
      expect(status).toBe('trusted');
      expect(custody?.entries).toBe(3);
      expect(checked).toHaveLength(10);
    }
  });

  it('is unchanged, but nobody’s, with the enclosed key alone', async () => {
    const { status, signer } = await verify(bytes, NO_TRUST);
    expect(status).toBe('unverified');
    expect(signer?.fingerprint).toBe(fingerprintOf(key.jwk));
  });

  it('is refused when another signed it than is trusted', async () => {
    const { status, faults } = await verify(bytes, { keys: [makeKey().jwk], fingerprints: [] });
    expect(status).toBe('refused');
    expect(faults.map(({ name }) => name)).toEqual(['manifest.jws', 'result.jws']);
  });

  it('lacks its stamp for whoever names roots of time stamps', async () => {
    const { status, faults } = await verify(bytes, { ...trust, timeStampRoots: [] });
    expect([status, faults]).toEqual(['refused', [{ name: 'result.tsr', says: 'there is no time stamp' }]]);
  });

  it('says that nothing tells of changes when it is not signed', async () => {
    expect((await verify(await makePackage(null))).status).toBe('unsigned');
  });

  it('is refused for a flipped bit in any of its entries and of the structure around them', async () => {
    const missed: number[] = [];
    // A prime: in the headers of the entries it comes to other fields each time.
    for (let at = 0; at < bytes.length; at += 47) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const { status } = await verify(changed);
      if (status !== 'refused') missed.push(at);
    }
    expect(missed).toEqual([]);
  });

  it('is refused for any other character in a signature', async () => {
    const missed: number[] = [];
    const start = bytes.indexOf('..', bytes.indexOf('manifest.jws')) + 2;
    for (let at = start; at < start + 86; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if ((await verify(changed)).status !== 'refused') missed.push(at);
    }
    expect(missed).toEqual([]);
  });

  it('is refused for a byte added or removed, anywhere', async () => {
    const missed: number[] = [];
    for (let at = 0; at <= bytes.length; at += 211) {
      const more = Buffer.concat([bytes.subarray(0, at), Buffer.from([0]), bytes.subarray(at)]);
      const less = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      if ((await verify(more)).status !== 'refused') missed.push(at);
      if (at < bytes.length && (await verify(less)).status !== 'refused') missed.push(-at);
    }
    expect(missed).toEqual([]);
  });

  it.each(['README.txt', 'result.json', 'result.jws', 'report.html', 'strips/0.0.png', 'custody.ndjson', 'video'])(
    'names %s when its content was changed, and the archive written anew around it',
    async (name) => {
      const { faults } = await verify(
        await repacked(bytes, (entry) =>
          entry.name === name ? { ...entry, bytes: Buffer.concat([entry.bytes, Buffer.from('\n')]) } : entry,
        ),
      );
      expect(faults.map((fault) => fault.name)).toContain(name);
    },
  );

  it('names an entry that was added, one that was removed, and one that stands in it twice', async () => {
    const added = await verify(await repacked(bytes, null, [{ name: 'strips/9.9.png', bytes: Buffer.from('x') }]));
    expect(added.faults).toContainEqual({ name: 'strips/9.9.png', says: 'the manifest does not list it' });
    const removed = await verify(await repacked(bytes, (entry) => (entry.name === 'report.html' ? null : entry)));
    expect(removed.faults).toContainEqual({ name: 'report.html', says: 'the manifest lists it, but it is missing' });
    const doubled = await verify(await repacked(bytes, null, [{ name: 'result.json', bytes: Buffer.from('{}') }]));
    expect(doubled.faults.map(({ says }) => says)).toContain('result.json: the name stands in the package twice');
  });

  it('finds a custody log that was written anew as a whole, with a manifest that fits it', async () => {
    const log = extendCustody(JOB, undefined, [{ at: AT.getTime(), event: 'submitted', by: 'another' }]);
    const forged = await makePackage(makeKey(), { log });
    const entries = await entriesOf(bytes);
    const ofForger = await entriesOf(forged);
    const manifest = ofForger.find(({ name }) => name === 'manifest.json');
    const swapped = entries.map((entry) =>
      ['custody.ndjson', 'manifest.json'].includes(entry.name)
        ? (ofForger.find(({ name }) => name === entry.name) ?? entry)
        : entry,
    );
    expect(manifest).toBeDefined();
    expect((await verify(await zipOf(swapped))).faults.map(({ name }) => name)).toContain('manifest.jws');
    expect((await verify(forged)).status).toBe('refused');
    // Without a key that somebody trusts it is what it says it is: signed by somebody.
    expect((await verify(forged, NO_TRUST)).status).toBe('unverified');
  });

  it('finds a log that is shorter than the manifest says', async () => {
    const log = (await entriesOf(bytes)).find(({ name }) => name === 'custody.ndjson')?.bytes.toString() ?? '';
    const shorter = Buffer.from(`${log.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    const { faults } = await verify(
      await repacked(bytes, (entry) => (entry.name === 'custody.ndjson' ? { ...entry, bytes: shorter } : entry)),
    );
    expect(faults.map(({ says }) => says).join()).toContain('does not end where the manifest says');
  });

  it('is still read when it was written by the first version of the format', async () => {
    const path = new URL('../../fixtures/package-1.zip', import.meta.url);
    const kept = await readFile(path);
    expect((await verify(kept, NO_TRUST)).status).toBe('unverified');
  });
});

interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

async function entriesOf(whole: Uint8Array): Promise<Entry[]> {
  const { entries } = await readZip(await folder.write('entries.zip', whole));
  return Promise.all(entries.map(async (entry) => ({ name: entry.name, bytes: await entry.read() })));
}

async function zipOf(entries: readonly Entry[]): Promise<Buffer> {
  const written = entries.map(({ name, bytes }) => ({ name, open: () => Readable.from([bytes]) }));
  return Buffer.concat(await writeZip(written).toArray());
}

async function repacked(
  whole: Uint8Array,
  change: ((entry: Entry) => Entry | null) | null,
  more: readonly Entry[] = [],
): Promise<Buffer> {
  const entries = (await entriesOf(whole)).flatMap((entry) => (change ? (change(entry) ?? []) : entry));
  return zipOf([...entries, ...more]);
}
