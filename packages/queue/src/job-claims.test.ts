import { mintUploadId } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from './connect-queue.js';
import { connectTest, firstRun, someBundle, someJob } from './test-jobs.js';

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
    const { records } = connection;
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => records.claimIdempotency('me', 'key-1', 'print')),
    );
    expect(claims.filter(({ outcome }) => outcome === 'mine')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'in_flight')).toHaveLength(9);
    const job = someJob({ owner: 'me', idempotencyKey: 'key-1' });
    await records.create(job);
    expect(await records.claimIdempotency('me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
    expect(await records.claimIdempotency('me', 'key-1', 'another')).toEqual({ outcome: 'other_request' });
    expect(await records.claimIdempotency('you', 'key-1', 'another')).toEqual({ outcome: 'mine' });
    await records.releaseIdempotency('me', 'key-1');
    expect(await records.claimIdempotency('me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
  });

  it('frees a key whose submission failed, and settles one apart from the creation', async () => {
    const { records } = connection;
    await records.claimIdempotency('me', 'key-2', 'print');
    await records.releaseIdempotency('me', 'key-2');
    expect(await records.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'mine' });
    const job = someJob({ owner: 'me' });
    await records.create(job);
    await records.settleIdempotency('me', 'key-2', job.id);
    expect(await records.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'same', job: job.id });
    await records.end(firstRun(job), { status: 'canceled' });
    expect(await records.claimIdempotency('me', 'key-2', 'new print')).toMatchObject({ outcome: 'same' });
    await records.bury(job.id);
    expect(await records.claimIdempotency('me', 'key-2', 'new print')).toEqual({ outcome: 'mine' });
  });

  it('knows the owner of an upload until it expires', async () => {
    const { records } = connection;
    const [lasting, passing] = [mintUploadId(), mintUploadId()];
    await records.openUpload(lasting, 'me', 600);
    await records.openUpload(passing, 'me', 1);
    await until('the upload has expired', async () => !(await records.ownsUpload(passing, 'me')));
    expect(await records.ownsUpload(lasting, 'me')).toBe(true);
    expect(await records.ownsUpload(lasting, 'you')).toBe(false);
  });

  it('shows announced workers until they withdraw', async () => {
    const { records } = connection;
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
    await records.announce(facts);
    await records.announce({ ...facts, health: 'busy' });
    await records.announce({ ...facts, id: 'w2' });
    expect(new Set(await records.workers())).toEqual(
      new Set([
        { ...facts, health: 'busy' },
        { ...facts, id: 'w2' },
      ]),
    );
    await records.withdraw('w1');
    expect((await records.workers()).map(({ id }) => id)).toEqual(['w2']);
  });

  it('remembers bundles, the latest first', async () => {
    const { records } = connection;
    const [a, b] = [someBundle('a'), someBundle('b')];
    await records.rememberBundle(a);
    await records.rememberBundle(b);
    expect(await records.bundles()).toEqual([b, a]);
    await records.rememberBundle(a);
    expect(await records.bundles()).toEqual([a, b]);
  });
});
