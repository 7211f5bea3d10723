import { execFile } from 'node:child_process';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePart } from '@styleflow/batches';
import {
  type BundleFacts,
  itemJobId,
  type JobId,
  JobOptionsSchema,
  mintBatchId,
  mintJobId,
} from '@styleflow/contracts';
import { connectQueue, preparePayloadOf, type QueueConnection, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import {
  MARKER_KEY,
  type MarkedStore,
  openMarkedStore,
  putTombstone,
  recordArchive,
  sourceKey,
  storeSettings,
} from '@styleflow/storage';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAIN_PATH } from '../main-path.js';
import { compareJobs } from './compare-jobs.js';
import type { Examination } from './examine-system.js';
import type { Finding } from './finding.js';

const BUNDLE: BundleFacts = {
  id: 'small@0123456789ab',
  digest: `0123456789ab${'0'.repeat(52)}`,
  variant: 'style-content',
  precision: 'fp32',
  trained: true,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};
const QUIET = createLogger('doctor-test', 'silent');
const run = promisify(execFile);

let redis: RedisServer;
let folder: string;
let store: MarkedStore;
let connection: QueueConnection;

beforeEach(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-doctor-'));
  const settings = parseEnv({ ...queueSettings, ...storeSettings }, environment());
  store = openMarkedStore(settings);
  connection = await connectQueue(settings, { logger: QUIET, archive: recordArchive(store) });
  await store.identify(connection.storeRegister);
});
afterEach(async () => {
  await connection.close();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  PATH: process.env.PATH ?? '',
  STYLEFLOW_REDIS_URL: redis.url,
  STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
  STYLEFLOW_API: 'http://127.0.0.1:9',
});

/** `styleflow doctor ARGS --json`. */
async function doctor(...args: string[]): Promise<Examination & { exitCode: number }> {
  const ended = await run(process.execPath, [MAIN_PATH, 'doctor', ...args, '--json'], { env: environment() }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  return { ...(JSON.parse(ended.stdout) as Examination), exitCode: ended.code };
}

async function accept(type: 'url' | 'upload' = 'url'): Promise<JobId> {
  const source =
    type === 'url'
      ? ({ type, url: 'https://videos.example.org/a.mp4' } as const)
      : ({ type, uploadId: 'upl_00000000000000000000000000' } as const);
  const options = JobOptionsSchema.parse({});
  const job = { id: mintJobId(), owner: 'local', source, options, bundle: BUNDLE, metadata: {} };
  const record = await connection.records.create(job);
  await connection.queue.addFlow(preparePayloadOf(record));
  return record.id;
}

const FAILED = { status: 'failed', error: { code: 'internal', message: 'for a test' } } as const;

describe('styleflow doctor', () => {
  it('finds nothing where Redis and store agree', async () => {
    const [ended] = [await accept(), await accept()];
    await connection.records.end({ job: ended, run: 1 }, FAILED);
    expect(await doctor()).toMatchObject({ exitCode: 0, findings: [], left: 0, store: { id: store.id } });
    const { stdout } = await run(process.execPath, [MAIN_PATH, 'doctor'], { env: environment() });
    expect(stdout).toContain('Redis and store agree');
  });

  it('lists the jobs that Redis has forgotten, and brings them back when asked to: once', async () => {
    const [waiting, ended] = [await accept(), await accept()];
    await connection.records.end({ job: ended, run: 1 }, FAILED);
    await forgetAll();
    const found = await doctor();
    expect(found.exitCode).toBe(1);
    const findings = found.findings.map(({ kind, job, outcome }) => [kind, job, outcome]);
    expect(findings).toContainEqual(['lost_job', waiting, 'open']);
    expect(findings).toContainEqual(['lost_job', ended, 'open']);
    expect(findings).toContainEqual(['other_store', undefined, 'open']);
    expect(await doctor('--mend')).toMatchObject({ exitCode: 0, left: 0 });
    expect(await connection.queue.flowState({ job: waiting, run: 1 })).toBe('live');
    expect((await connection.records.read(ended))?.status).toBe('failed');
    expect(await doctor()).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('lists the batches that Redis has forgotten, and brings them back with their items', async () => {
    const batch = mintBatchId();
    const { batches } = connection;
    await batches.create({ id: batch, owner: 'local', form: 'csv', skipInvalid: false, options: {}, bundle: BUNDLE });
    const source = { type: 'url', url: 'https://videos.example.org/a.mp4' } as const;
    const item = { index: 0, line: 2, id: 'a', source, options: {}, labels: {}, metadata: {} };
    await writePart(store, batch, 'items', 0, [item]);
    await batches.accept(batch, 1);
    const job = itemJobId(batch, 0);
    const options = JobOptionsSchema.parse({});
    const given = { id: job, owner: 'local', source, options, bundle: BUNDLE, metadata: {}, batch, item: 0 };
    await connection.records.create(given);
    await connection.records.end({ job, run: 1 }, FAILED);
    await forgetAll();
    const found = (await doctor()).findings.map(({ kind, batch: of, job: own }) => [kind, of ?? own]);
    expect(found).toContainEqual(['lost_batch', batch]);
    expect(await doctor('--mend')).toMatchObject({ exitCode: 0, left: 0 });
    expect(await batches.read(batch)).toMatchObject({ status: 'ended', counts: { total: 1, failed: 1 } });
    expect(await doctor()).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('deletes what is there of a deleted job, and what lies there for a day and belongs to none', async () => {
    const [deleted, stale, fresh] = [mintJobId(), mintJobId(), mintJobId()];
    for (const job of [deleted, stale, fresh]) await store.put(sourceKey(job), 'film', 'video/mp4');
    await putTombstone(store, deleted, { owner: 'local', at: Date.now() });
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(folder, 'store', 'objects', sourceKey(stale)), longAgo, longAgo);
    expect((await doctor()).findings.map(({ kind, job }) => [kind, job]).sort()).toEqual([
      ['buried_with_objects', deleted],
      ['objects_without_record', stale],
    ]);
    expect(await doctor('--mend')).toMatchObject({ exitCode: 0 });
    const left = await Promise.all([deleted, stale, fresh].map((job) => store.head(sourceKey(job))));
    expect(left.map((facts) => facts !== null)).toEqual([false, false, true]);
  });

  it('deletes nothing on the word of a clock that the store contradicts', async () => {
    const job = mintJobId();
    await store.put(sourceKey(job), 'film', 'video/mp4');
    const ahead = async (): Promise<number> => Date.now() + 48 * 3_600_000;
    const findings: Finding[] = [];
    const ports = { ...connection, store, clock: { now: ahead, read: ahead } };
    for await (const finding of compareJobs(ports)) findings.push(finding);
    expect(findings.map(({ kind }) => kind)).toEqual(['objects_without_record']);
    await expect(findings[0]?.mend?.()).rejects.toThrow('fresh');
    expect(await store.head(sourceKey(job))).not.toBeNull();
  });

  it('tells of jobs whose objects are not there, which nothing mends', async () => {
    const upload = await accept('upload');
    expect(await doctor('--mend')).toMatchObject({
      exitCode: 1,
      findings: [{ kind: 'record_without_objects', job: upload, outcome: 'unmendable' }],
    });
  });

  it('removes entries that nobody needs, and only those', async () => {
    const known = await accept();
    const { queue, inspector } = connection;
    const orphan = mintJobId();
    const record = await connection.records.read(known);
    if (record === null) throw new Error('no record');
    await queue.addFlow({ ...preparePayloadOf(record), job: orphan });
    await redis.command('HSET', '{styleflow}:prepare:junk', 'data', 'garbage', 'name', 'x');
    await redis.command('LPUSH', '{styleflow}:prepare:wait', 'junk');
    // Of a stage that only a newer version knows: its worker will come.
    const newer = `${known}.1.audit`;
    await redis.command('HSET', `{styleflow}:prepare:${newer}`, 'data', '{}', 'name', 'x');
    await redis.command('LPUSH', '{styleflow}:prepare:wait', newer);
    const found = await doctor();
    expect(found.findings.map(({ kind, entry }) => [kind, entry]).sort()).toEqual([
      ['entry_without_job', `${orphan}.1.finish`],
      ['entry_without_job', `${orphan}.1.prepare`],
      ['foreign_entry', 'junk'],
      ['unreadable_entry', newer],
    ]);
    expect(await doctor('--mend')).toMatchObject({ exitCode: 1, left: 1 });
    const { entries } = await inspector.entries('prepare', { state: 'waiting', limit: 10 });
    expect(entries.map(({ id }) => id).sort()).toEqual([newer, `${known}.1.prepare`].sort());
    expect(await queue.flowState({ job: known, run: 1 })).toBe('live');
  });

  it('looks at nothing more when the store is another one, until an operator accepts it', async () => {
    await accept();
    const other = 'sto_of_another';
    await store.inner.put(MARKER_KEY, JSON.stringify({ v: 1, store: other }), 'application/json');
    const found = await doctor('--mend');
    expect(found).toMatchObject({ exitCode: 1, findings: [{ kind: 'other_store', outcome: 'unmendable' }] });
    expect(found.findings[0]?.says).toContain(other);
    expect(found.findings[0]?.says).toContain(store.id);
    expect(await doctor('--accept-store')).toMatchObject({ exitCode: 0, findings: [], store: { id: other } });
  });
});

async function forgetAll(): Promise<void> {
  await redis.command('FLUSHALL');
}
