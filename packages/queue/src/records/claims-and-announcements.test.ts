import { mintUploadId } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { recordKeys } from '../redis/record-keys.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob } from '../test-jobs.js';

describe('claims and announcements', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it('gives an idempotency key to one of many, and its job to all who come later', async () => {
    const { records, claims } = connection;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => claims.claimIdempotency('me', 'key-1', 'print')),
    );
    expect(answers.filter(({ outcome }) => outcome === 'mine')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'in_flight')).toHaveLength(9);
    const job = someJob({ owner: 'me', idempotencyKey: 'key-1' });
    await records.create(job);
    expect(await claims.claimIdempotency('me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
    expect(await claims.claimIdempotency('me', 'key-1', 'another')).toEqual({ outcome: 'other_request' });
    expect(await claims.claimIdempotency('you', 'key-1', 'another')).toEqual({ outcome: 'mine' });
    await claims.releaseIdempotency('me', 'key-1');
    expect(await claims.claimIdempotency('me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
  });

  it('frees a key whose submission failed, and settles one apart from the creation', async () => {
    const { records, claims } = connection;
    await claims.claimIdempotency('me', 'key-2', 'print');
    await claims.releaseIdempotency('me', 'key-2');
    expect(await claims.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'mine' });
    const job = someJob({ owner: 'me' });
    await records.create(job);
    await claims.settleIdempotency('me', 'key-2', job.id);
    expect(await claims.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'same', job: job.id });
    await records.end(firstRun(job), { status: 'canceled' });
    expect(await claims.claimIdempotency('me', 'key-2', 'new print')).toMatchObject({ outcome: 'same' });
    await records.bury(job.id);
    expect(await claims.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'mine' });
  });

  it('knows the owner of an upload until it expires', async () => {
    const { claims } = connection;
    const [lasting, passing] = [mintUploadId(), mintUploadId()];
    await claims.openUpload(lasting, 'me', 600);
    await claims.openUpload(passing, 'me', 1);
    await until('the upload has expired', async () => !(await claims.ownsUpload(passing, 'me')));
    expect(await claims.ownsUpload(lasting, 'me')).toBe(true);
    expect(await claims.ownsUpload(lasting, 'you')).toBe(false);
  });

  it('shows announced workers until they withdraw', async () => {
    const { announcements } = connection;
    const facts = {
      id: 'w1',
      kind: 'gpu-worker',
      version: '1',
      host: 'h',
      pid: 1,
      startedAt: new Date().toISOString(),
      health: 'ready',
      provider: 'cpu',
    } as const;
    await announcements.announce(facts);
    await announcements.announce({ ...facts, health: 'busy' });
    await announcements.announce({ ...facts, id: 'w2' });
    expect(new Set(await announcements.workers())).toEqual(
      new Set([
        { ...facts, health: 'busy' },
        { ...facts, id: 'w2' },
      ]),
    );
    await announcements.withdraw('w1');
    expect((await announcements.workers()).map(({ id }) => id)).toEqual(['w2']);
  });

  it('remembers bundles, the latest first', async () => {
    const { announcements } = connection;
    const [a, b] = [someBundle('a'), someBundle('b')];
    await announcements.rememberBundle(a);
    await announcements.rememberBundle(b);
    expect(await announcements.bundles()).toEqual([b, a]);
    await announcements.rememberBundle(a);
    expect(await announcements.bundles()).toEqual([a, b]);
  });

  it('shows the others beside a worker and a bundle that only a newer version can read', async () => {
    const { announcements } = connection;
    const facts = { version: '2', host: 'h', pid: 1, startedAt: new Date().toISOString(), health: 'ready' } as const;
    const slots = { finish: { busy: 0, total: 1 }, audit: { busy: 0, total: 1 } };
    await announcements.announce({ ...facts, id: 'new-stage', kind: 'cpu-worker', slots });
    await announcements.announce({ ...facts, id: 'new-kind', kind: 'auditor' as 'cpu-worker' });
    const seen = await announcements.workers();
    expect(seen.find(({ id }) => id === 'new-stage')?.slots).toEqual({ finish: slots.finish });
    expect(seen.map(({ id }) => id)).not.toContain('new-kind');

    const [known, newer] = [someBundle('known'), { ...someBundle('newer'), variant: 'audio' as 'custom' }];
    await announcements.rememberBundle(known);
    await announcements.rememberBundle(newer);
    expect((await announcements.bundles())[0]).toEqual(known);
    const raw = new Redis(server.url);
    expect(await raw.hexists(recordKeys.bundles, newer.id)).toBe(1);
    raw.disconnect();
  });
});
