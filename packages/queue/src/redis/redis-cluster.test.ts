import { startRedis, until } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { connectTest } from '../test-connection.js';
import { claimKey, firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';

it('walks a job from submission to burial on a Redis Cluster', async () => {
  // A node without peers does not know its own address.
  const server = await startRedis({ 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' });
  const raw = new Redis(server.url);
  await raw.cluster('ADDSLOTSRANGE', 0, 16_383);
  await until('the cluster serves', async () => (await raw.cluster('INFO')).includes('cluster_state:ok'));
  const connection = await connectTest(server, { url: `redis-cluster://127.0.0.1:${server.port}` });
  const { records, lists, claims, queue, inspector } = connection;
  const changes = await connection.openChanges();
  const job = someJob({ batch: 'night', idempotencyKey: 'once' });
  const run = firstRun(job);
  const bundle = someBundle();
  const ended = changes.waitForEnd(job.id, 30_000);
  await claimKey(claims, job.owner, 'once', 'print');
  await records.create(job);
  await queue.addFlow(somePrepare(run));
  const workers = [
    queue.workPrepare(
      async ({ payload }) => {
        await records.beginPrepare(payload);
        for (const clip of [0, 1, 2]) await queue.addScore(someScore(run, 0, clip), bundle.digest, 9);
      },
      { concurrency: 1 },
    ),
    queue.workScore(
      async ({ payload }) => {
        await records.countClip(payload, payload.track, payload.clip);
      },
      { concurrency: 2, bundleDigest: bundle.digest },
    ),
    queue.workFinish(
      async ({ payload }) => {
        await records.end(payload, { status: 'succeeded', verdict: { label: 'real', score: 0.1, threshold: 0.2 } });
      },
      { concurrency: 1 },
    ),
  ];
  expect(await ended).toBe('succeeded');
  expect((await records.read(job.id))?.progress).toMatchObject({ percent: 100, clipsScored: 3 });
  expect((await lists.list({ owner: job.owner, limit: 5 })).jobs).toHaveLength(1);
  expect((await queue.depths()).map(({ name }) => name)).toContain(`score.${bundle.digest.slice(0, 12)}`);
  const { entries } = await inspector.entries(`score.${bundle.digest.slice(0, 12)}`, { state: 'completed', limit: 5 });
  expect(entries.map(({ clip }) => clip).sort()).toEqual([0, 1, 2]);
  expect((await inspector.entry('finish', `${job.id}.1.finish`))?.children).toMatchObject({ completed: 4, failed: 0 });
  await inspector.pause('prepare');
  await inspector.resume('prepare');
  await Promise.all(workers.map((worker) => worker.close(5_000)));
  await until('its entries are gone', () => queue.removeEntries(run));
  await records.bury(job.id);
  expect(await records.isBuried(job.id)).toBe(true);
  await changes.close();
  await connection.close();
  raw.disconnect();
  await server.stop();
});
