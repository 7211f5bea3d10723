import { entryId, mintJobId } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import { connectTest } from '../test-connection.js';
import { somePrepare } from '../test-jobs.js';
import { readChildFailures } from './children.js';

describe('children of a run', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
    client = new Redis(server.url, { maxRetriesPerRequest: null });
  });
  afterAll(async () => {
    client.disconnect();
    await connection.close();
    await server.stop();
  });

  it('of a stage that only a newer version knows count for no other stage, and the log tells that they failed', async () => {
    const run = { job: mintJobId(), run: 1 };
    await connection.queue.addFlow(somePrepare(run));
    const options = { connection: client, prefix: KEY_PREFIX };
    const [audits, finish] = [new Queue('audit', options), new Queue('finish', options)];
    const id = `${run.job}.1.audit`;
    const parent = { id: entryId.finish(run), queue: `${KEY_PREFIX}:finish` };
    await audits.add('audit', {}, { jobId: id, parent, ignoreDependencyOnFailure: true });
    const auditor = new Worker(
      'audit',
      () => Promise.reject(new Error('too_quiet!: Nothing is to be heard.')),
      options,
    );
    await until('the audit has failed', async () => (await audits.getFailedCount()) === 1);

    const warnings: unknown[] = [];
    const logger = { warn: (facts: unknown) => void warnings.push(facts) };
    const entry = await finish.getJob(entryId.finish(run));
    if (entry === undefined) throw new Error('there is no finish');
    expect(await readChildFailures(client, entry, logger)).toEqual({ prepare: null, clips: [] });
    const err = expect.objectContaining({ code: 'internal', message: 'Nothing is to be heard.', retryable: false });
    expect(warnings).toEqual([{ entry: id, err }]);

    await auditor.close();
    await Promise.all([audits.close(), finish.close()]);
  });
});
