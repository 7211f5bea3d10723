import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  NO_TRUST,
  parseSigningKeys,
  readTimeStamp,
  readTimeStampRoots,
  timeStampRequest,
  verifyPackage,
} from '@styleflow/evidence';
import { readSealedJson, signatureKey } from '@styleflow/storage';
import { startTimeStampServer, type TimeStampServer } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let tsa: TimeStampServer;
let otherTsa: TimeStampServer;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  [tsa, otherTsa] = await Promise.all([startTimeStampServer(), startTimeStampServer()]);
  const { privateKey } = generateKeyPairSync('ed25519');
  const signingKeys = parseSigningKeys(String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  server = await startTestServer({ signingKeys, timeStampUrl: tsa.url, allowPrivateWebhooks: true });
  folder = await mkdtemp(join(tmpdir(), 'styleflow-stamps-'));
});
afterAll(async () => {
  await server.stop();
  await tsa.stop();
  await otherTsa.stop();
  await rm(folder, { recursive: true, force: true });
});

const rootOf = async ({ certificate }: TimeStampServer) => readTimeStampRoots(await readFile(certificate, 'utf8'));

async function stampOf(id: string): Promise<Buffer | null> {
  const kept = await readSealedJson(server.store, signatureKey(id), (value) => value as { timeStamp: string | null });
  return kept?.timeStamp ? Buffer.from(kept.timeStamp, 'base64') : null;
}

describe('a time stamp over the signature of a result', () => {
  it('is had from the server, put into the package, and verified by OpenSSL', async () => {
    const id = await submit(server);
    await succeed(server, id);
    const answer = await fetch(`${server.url}/v1/jobs/${id}/evidence.zip`);
    const path = join(folder, 'stamped.zip');
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    const { faults, timeStamp, status } = await verifyPackage(path, NO_TRUST);
    expect([faults, status]).toEqual([[], 'unverified']);
    expect(timeStamp).toMatchObject({ by: 'stamps of a test', isTrusted: false });
    expect(Math.abs(Date.parse(timeStamp?.at ?? '') - Date.now())).toBeLessThan(600_000);

    const jws = (await call(`${server.url}/v1/jobs/${id}/result.jws`)).body as string;
    const [data, stamp] = [join(folder, 'result.jws'), join(folder, 'result.tsr')];
    await writeFile(data, jws);
    await writeFile(stamp, (await stampOf(id)) ?? '');
    const args = ['ts', '-verify', '-data', data, '-in', stamp, '-CAfile', tsa.certificate];
    expect((await promisify(execFile)('openssl', args)).stdout).toContain('Verification: OK');

    const by = async (timeStampRoots: ReturnType<typeof readTimeStampRoots>) => {
      const { faults: found, timeStamp: stamped } = await verifyPackage(path, { ...NO_TRUST, timeStampRoots });
      return [found, stamped?.isTrusted];
    };
    const [own, other] = [await rootOf(tsa), await rootOf(otherTsa)];
    expect(await by(own)).toEqual([[], true]);
    expect(await by(other)).toEqual([
      [{ name: 'result.tsr', says: expect.stringContaining('leads to no root that you trust') }],
      undefined,
    ]);
  });

  it('is asked for again when the server did not answer, and the signature stands meanwhile', async () => {
    const id = await submit(server);
    await succeed(server, id);
    tsa.answer = Buffer.from('no stamp');
    const first = await call(`${server.url}/v1/jobs/${id}/result.jws`);
    expect([first.status, await stampOf(id)]).toEqual([200, null]);
    tsa.answer = null;
    expect((await call(`${server.url}/v1/jobs/${id}/result.jws`)).body).toBe(first.body);
    expect(await stampOf(id)).not.toBeNull();
  });

  it('counts for its own text and its own request alone, and with every byte as it was', async () => {
    const ask = async (text: string) => {
      const { body, nonce } = timeStampRequest(text);
      const answer = await fetch(tsa.url, { method: 'POST', body: Buffer.from(body) });
      return { stamp: Buffer.from(await answer.arrayBuffer()), nonce };
    };
    const [one, other] = [await ask('one'), await ask('one')];
    await expect(readTimeStamp(one.stamp, 'one', one.nonce)).resolves.toMatchObject({ by: 'stamps of a test' });
    await expect(readTimeStamp(one.stamp, 'another')).rejects.toThrow('it stamps something else');
    await expect(readTimeStamp(one.stamp, 'one', other.nonce)).rejects.toThrow('it answers another request');
    const changed = Buffer.from(one.stamp);
    const at = changed.length - 4;
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(readTimeStamp(changed, 'one')).rejects.toThrow(RangeError);
    await expect(readTimeStamp(Buffer.from('x'), 'one')).rejects.toThrow('no answer of a server for time stamps');
  });
});
