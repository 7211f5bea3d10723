import { mintJobId, mintUploadId } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { CLAIM_LEASE_MS } from '../ports/submission-claims.js';
import { recordKeys } from '../redis/record-keys.js';
import { connectTest } from '../test-connection.js';
import { claimKey, firstRun, someBundle, someJob } from '../test-jobs.js';

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
    const answers = await Promise.all(Array.from({ length: 10 }, () => claimKey(claims, 'me', 'key-1', 'print')));
    expect(answers.filter(({ outcome }) => outcome === 'mine')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'in_flight')).toHaveLength(9);
    const job = someJob({ owner: 'me', idempotencyKey: 'key-1' });
    await records.create(job);
    expect(await claimKey(claims, 'me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
    expect(await claimKey(claims, 'me', 'key-1', 'another')).toEqual({ outcome: 'other_request' });
    expect(await claimKey(claims, 'you', 'key-1', 'another')).toMatchObject({ outcome: 'mine' });
    const winner = { owner: 'me', key: 'key-1', holder: 'anyone' };
    expect(await claims.releaseIdempotency(winner)).toBe(false);
    expect(await claimKey(claims, 'me', 'key-1', 'print')).toEqual({ outcome: 'same', job: job.id });
  });

  it('names the id that the job will have, and stays with it once it is there', async () => {
    const { records, claims } = connection;
    const job = someJob({ owner: 'me', idempotencyKey: 'key-2' });
    expect(await claimKey(claims, 'me', 'key-2', 'print', { job: job.id })).toEqual({ outcome: 'mine', job: job.id });
    const other = await claimKey(claims, 'me', 'key-2', 'print');
    expect(other).toEqual({ outcome: 'in_flight', job: job.id, secondsLeft: CLAIM_LEASE_MS / 1000 });
    await records.create(job);
    await records.end(firstRun(job), { status: 'canceled' });
    expect(await claimKey(claims, 'me', 'key-2', 'print')).toEqual({ outcome: 'same', job: job.id });
    await records.bury(job.id);
    expect(await claimKey(claims, 'me', 'key-2', 'new print')).toMatchObject({ outcome: 'mine' });
  });

  it('frees a key whose submission failed, for another request too', async () => {
    const { claims } = connection;
    const claim = { owner: 'me', key: 'key-3', holder: 'first' };
    await claims.claimIdempotency(claim, 'print', mintJobId());
    expect(await claims.renewIdempotency({ ...claim, holder: 'second' })).toBe(false);
    expect(await claims.releaseIdempotency({ ...claim, holder: 'second' })).toBe(false);
    expect(await claims.renewIdempotency(claim)).toBe(true);
    expect(await claims.releaseIdempotency(claim)).toBe(true);
    // Repeated because its answer was lost, say.
    expect(await claims.releaseIdempotency(claim)).toBe(true);
    const job = mintJobId();
    expect(await claimKey(claims, 'me', 'key-3', 'new print', { job })).toEqual({ outcome: 'mine', job });
  });

  it('lets who repeats the request go on under the first id once the holder is silent, and takes the key from that one', async () => {
    const { claims } = connection;
    const [minted, claim] = [mintJobId(), { owner: 'me', key: 'key-4', holder: 'first' }];
    await claims.claimIdempotency(claim, 'print', minted);
    const taken = await until('the claim is over', async () => {
      const found = await claimKey(claims, 'me', 'key-4', 'print', { holder: 'second' });
      return found.outcome === 'mine' ? found : null;
    });
    expect(taken).toEqual({ outcome: 'mine', job: minted });
    expect([await claims.renewIdempotency(claim), await claims.releaseIdempotency(claim)]).toEqual([false, false]);
    expect(await claimKey(claims, 'me', 'key-4', 'other print')).toEqual({ outcome: 'other_request' });
  });

  it('respects a claim of a version before: in flight while it is there, and its job afterwards', async () => {
    const { claims } = connection;
    const redis = new Redis(server.url);
    const key = recordKeys.idempotency('me', 'key-5');
    await redis.hset(key, 'fingerprint', 'print');
    await redis.expire(key, 120);
    expect(await claimKey(claims, 'me', 'key-5', 'print')).toEqual({
      outcome: 'in_flight',
      job: null,
      secondsLeft: 120,
    });
    const job = mintJobId();
    await redis.hset(key, 'job', job);
    await redis.persist(key);
    expect(await claimKey(claims, 'me', 'key-5', 'print')).toEqual({ outcome: 'same', job });
    redis.disconnect();
  });

  it('knows the owner of an upload until it expires', async () => {
    const { claims } = connection;
    const [lasting, passing] = [mintUploadId(), mintUploadId()];
    await claims.openUpload({ uploadId: lasting, owner: 'me', bytes: 0, expiresInSeconds: 600 });
    await claims.openUpload({ uploadId: passing, owner: 'me', bytes: 0, expiresInSeconds: 1 });
    await until('the upload has expired', async () => !(await claims.ownsUpload(passing, 'me')));
    expect(await claims.ownsUpload(lasting, 'me')).toBe(true);
    expect(await claims.ownsUpload(lasting, 'you')).toBe(false);
  });

  it('keeps an upload for as long as it is renewed, and forgets one that is given up', async () => {
    const { claims } = connection;
    const uploadId = mintUploadId();
    await claims.openUpload({ uploadId, owner: 'me', bytes: 7, expiresInSeconds: 60, parts: { ref: 'r', bytes: 5 } });
    const opened = await claims.readUpload(uploadId, 'me');
    expect(opened).toMatchObject({ bytes: 7, parts: { ref: 'r', bytes: 5 } });
    expect([await claims.readUpload(uploadId, 'you'), await claims.renewUpload(uploadId, 'you', 600)]).toEqual([
      null,
      false,
    ]);
    expect([await claims.renewUpload(uploadId, 'me', 600), await claims.renewUpload(uploadId, 'me', 5)]).toEqual([
      true,
      true,
    ]);
    const renewed = await claims.readUpload(uploadId, 'me');
    expect((renewed?.keptUntil.getTime() ?? 0) - (opened?.keptUntil.getTime() ?? 0)).toBeGreaterThan(500_000);
    const others = mintUploadId();
    expect(await claims.openAmong([uploadId, others])).toEqual(new Set([uploadId]));
    expect([await claims.closeUpload(uploadId, 'you'), await claims.closeUpload(uploadId, 'me')]).toEqual([
      false,
      true,
    ]);
    expect([await claims.readUpload(uploadId, 'me'), await claims.closeUpload(uploadId, 'me')]).toEqual([null, false]);
    expect(await claims.openAmong([uploadId])).toEqual(new Set());
  });

  it('counts the bytes of an upload no longer than it is kept, also where nobody opens another one', async () => {
    const { claims, records } = connection;
    const uploadId = mintUploadId();
    const quota = { storedBytes: 10 };
    await claims.openUpload({ uploadId, owner: 'thrifty', bytes: 10, expiresInSeconds: 1 }, quota);
    const job = someJob({ owner: 'thrifty' });
    const create = () => records.create({ ...job, quota, stored: { bytes: 10 } });
    await expect(create()).rejects.toMatchObject({ code: 'rate_limited' });
    await until('the upload has expired', async () => !(await claims.ownsUpload(uploadId, 'thrifty')));
    expect((await create()).id).toBe(job.id);
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
