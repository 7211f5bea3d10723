import { randomBytes } from 'node:crypto';
import { mintJobId } from '@styleflow/contracts';
import { type RedisServer, readAllRedis, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { sealWebhook } from '../seal-webhook.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';
import { parseSecretKeys } from './secret-keys.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const FAILED = { status: 'failed', error: { code: 'media_corrupt', message: 'A "quoted" sentence.' } } as const;
const SUCCEEDED = { status: 'succeeded', verdict: { label: 'fake', score: 0.5, threshold: 0.2 } } as const;
const TARGET = { url: 'https://hooks.example/', isUrlSealed: false, isSigned: false };

let server: RedisServer;
let connection: QueueConnection;
beforeAll(async () => {
  server = await startRedis();
  connection = await connectTest(server, { secretKeys: parseSecretKeys(randomBytes(32).toString('base64')) });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

async function jobWithWebhook() {
  const { records, vault } = connection;
  const id = mintJobId();
  const url = 'https://anna:open-sesame@hooks.example/styleflow?token=very-secret';
  await records.create(someJob({ id, ...sealWebhook(vault, id, { url, secret: SECRET }) }));
  return { id, url };
}

describe('the end of a job with a webhook', () => {
  it('records its message in the same step, once for each run, with what it tells and no secret', async () => {
    const { records, deliveries, vault } = connection;
    const { id, url } = await jobWithWebhook();
    expect(await deliveries.list(id)).toEqual([]);
    const ends = await Promise.all([records.end(firstRun({ id }), FAILED), records.end(firstRun({ id }), FAILED)]);
    expect(ends.sort()).toEqual([false, true]);
    await records.startRetry(id);
    await records.beginPrepare({ job: id, run: 2 });
    await records.end({ job: id, run: 2 }, SUCCEEDED);
    const [first, second, ...none] = await deliveries.list(id);
    expect(none).toEqual([]);
    expect(first).toMatchObject({ n: 1, id: `${id}_1_job_failed`, event: 'job.failed', run: 1, status: 'pending' });
    expect(second).toMatchObject({ n: 2, id: `${id}_2_job_succeeded`, event: 'job.succeeded', run: 2 });
    expect(second?.url).toBe('https://hooks.example/styleflow?...');
    expect((await deliveries.read(id, 1))?.data).toEqual({ job: id, run: 1, status: 'failed', error: FAILED.error });
    expect((await deliveries.read(id, 2))?.data).toMatchObject({ run: 2, verdict: SUCCEEDED.verdict });
    expect(await readAllRedis(server.port)).not.toMatch(/open-sesame|very-secret|whsec/);
    expect(await vault.open(id, 'webhook.url')).toBe(url);
    expect(await vault.open(id, 'webhook.secret')).toBe(SECRET);
  });

  it('that was canceled tells of it; a deleted one leaves nothing to send', async () => {
    const { records, deliveries, vault } = connection;
    const { id } = await jobWithWebhook();
    await records.requestCancel(id);
    await records.end(firstRun({ id }), { status: 'canceled' });
    expect((await deliveries.list(id)).map(({ event }) => event)).toEqual(['job.canceled']);
    await records.bury(id);
    expect([await deliveries.list(id), await vault.open(id, 'webhook.secret')]).toEqual([[], null]);
    expect(await deliveries.read(id, 1)).toBeNull();
  });

  it('records nothing for a job without one', async () => {
    const job = await connection.records.create(someJob());
    await connection.records.end(firstRun(job), FAILED);
    expect(await connection.deliveries.list(job.id)).toEqual([]);
  });
});

describe('a delivery', () => {
  const record = (of: string) =>
    connection.deliveries.record(of, TARGET, { event: 'batch.ended', run: 1, data: { batch: of, failed: 2 } });

  it('of a batch is recorded by whoever ends it, once however often that is repeated', async () => {
    const { deliveries } = connection;
    expect([await record('batch_1'), await record('batch_1')]).toEqual([1, 1]);
    expect(await deliveries.read('batch_1', 1)).toMatchObject({
      data: { failed: 2 },
      type: 'batch.ended',
      of: 'batch_1',
    });
  });

  it('has a log of its last ten attempts, and is sent anew with all of them before it', async () => {
    const { deliveries } = connection;
    await record('batch_2');
    for (let made = 1; made <= 12; made += 1) {
      const attempt = { at: new Date(made * 1000).toISOString(), status: 500, error: `attempt ${made}`, seconds: 0.1 };
      const nextAttemptAt = made < 12 ? new Date(2_000_000).toISOString() : null;
      await deliveries.note('batch_2', 1, { status: made < 12 ? 'pending' : 'failed', attempt, nextAttemptAt });
    }
    const [failed] = await deliveries.list('batch_2');
    expect(failed).toMatchObject({ status: 'failed', attemptsMade: 12, nextAttemptAt: null });
    expect(failed?.attempts.map(({ error }) => error)).toEqual(
      Array.from({ length: 10 }, (_, i) => `attempt ${i + 3}`),
    );
    const again = await deliveries.redeliver('batch_2', 1);
    expect(again).toMatchObject({ status: 'pending', attemptsMade: 0, id: failed?.id });
    expect(again?.attempts).toHaveLength(10);
    expect(await deliveries.redeliver('batch_2', 2)).toBeNull();
  });
});
