import { randomBytes } from 'node:crypto';
import { JobError, type JobId, mintJobId } from '@styleflow/contracts';
import { type RedisServer, readAllRedis, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { NO_ARCHIVE } from '../ports/record-archive.js';
import { preparePayloadOf } from '../prepare-payload.js';
import { sealSource } from '../seal-source.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';
import { parseSecretKeys } from './secret-keys.js';

const URL_WITH_SECRETS = 'https://anna:open-sesame@a.example/v.mp4?X-Amz-Signature=very-secret';
const SECRETS = /open-sesame|very-secret/;
const FAILED = { status: 'failed', error: { code: 'media_corrupt', message: 'for a test' } } as const;

describe('the vault', () => {
  const archived: string[] = [];
  let server: RedisServer;
  let connection: QueueConnection;
  let keyless: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    const keep = async (_of: unknown, text: string): Promise<void> => void archived.push(text);
    const archive = { ...NO_ARCHIVE, accept: keep, write: keep };
    connection = await connectTest(server, {
      archive,
      secretKeys: parseSecretKeys(randomBytes(32).toString('base64')),
    });
    keyless = await connectTest(server, { archive });
  });
  afterAll(async () => {
    await keyless.close();
    await connection.close();
    await server.stop();
  });

  async function sealedJob(): Promise<JobId> {
    const id = mintJobId();
    const source = { type: 'url', url: URL_WITH_SECRETS } as const;
    await connection.records.create(someJob({ id, ...sealSource(connection.vault, id, source) }));
    return id;
  }

  it('keeps the credentials of a source from the record, the queue and the archive, and gives them back', async () => {
    const { records, queue, vault } = connection;
    const id = await sealedJob();
    const record = await records.read(id);
    expect(record).toMatchObject({ isSourceSealed: true, source: { url: 'https://a.example/v.mp4?...' } });
    if (record !== null) await queue.addFlow(preparePayloadOf(record));
    expect(await vault.open(id, 'source')).toBe(URL_WITH_SECRETS);
    const all = await readAllRedis(server.port);
    expect(all).toContain(id);
    expect(all).not.toMatch(SECRETS);
    expect(archived.join()).toContain('a.example');
    expect(archived.join()).not.toMatch(SECRETS);
    await queue.removeEntries(firstRun({ id }));
  });

  it('forgets them with the end of the job, however it ends, and with its deletion', async () => {
    const { records, vault } = connection;
    const [failed, canceled, deleted] = [await sealedJob(), await sealedJob(), await sealedJob()];
    await records.end(firstRun({ id: failed }), FAILED);
    await records.end(firstRun({ id: canceled }), { status: 'canceled' });
    await records.bury(deleted);
    for (const id of [failed, canceled, deleted]) expect(await vault.open(id, 'source')).toBeNull();
    for (const id of [failed, canceled, deleted])
      expect(await readAllRedis(server.port)).not.toContain(`secrets/${id}`);
    expect(await records.read(failed)).toMatchObject({ isSourceSealed: true });
  });

  it('is not opened by a process without the key, which says so by the name of the setting', async () => {
    const id = await sealedJob();
    const opening = keyless.vault.open(id, 'source');
    await expect(opening).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('SECRET_KEY') });
    expect(String(await opening.catch((error: JobError) => error.message))).not.toMatch(SECRETS);
  });

  it('keeps, opens and erases secrets by name, of whoever they are', async () => {
    const { vault } = connection;
    const of = 'batch_1';
    await vault.keep(of, { a: vault.seal(of, 'a', 'first'), b: vault.seal(of, 'b', 'second') });
    await vault.erase(of, ['a']);
    expect([await vault.open(of, 'a'), await vault.open(of, 'b')]).toEqual([null, 'second']);
    await vault.erase(of);
    expect(await vault.open(of, 'b')).toBeNull();
  });
});

describe('a source without a key', () => {
  const vault = {
    hasKey: false,
    seal: (): string => {
      throw new JobError('internal', 'no key');
    },
  };
  const seal = (url: string) => sealSource(vault, mintJobId(), { type: 'url', url });

  it('is refused by name of the setting when it seems to hold credentials', () => {
    expect(() => seal(URL_WITH_SECRETS)).toThrow(/STYLEFLOW_SECRET_KEY is not set/);
    expect(() => seal('https://a.example/v?token=abc')).toThrow(/STYLEFLOW_SECRET_KEY is not set/);
  });

  it('stays as it is with a query that seems harmless, and loses a fragment, which nobody is sent', () => {
    expect(seal('https://a.example/v?id=12#t=3')).toEqual({
      source: { type: 'url', url: 'https://a.example/v?id=12' },
    });
  });

  it('is refused when its query had been hidden before it was copied', () => {
    expect(() => seal('https://a.example/v?...')).toThrow(/hidden/);
  });
});
