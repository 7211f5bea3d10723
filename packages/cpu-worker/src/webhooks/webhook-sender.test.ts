import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Delivery, JobWebhookBodySchema, mintJobId } from '@styleflow/contracts';
import { connectQueue, type QueueConnection, sealWebhook } from '@styleflow/queue';
import { type LoopbackServer, type RedisServer, startHttpServer, startRedis, until } from '@styleflow/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnv } from '../env.js';
import { quietLogger } from '../test-system.js';
import { startWebhookSender, type WebhookSender } from './webhook-sender.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const FAILED = { status: 'failed', error: { code: 'media_corrupt', message: 'for a test' } } as const;

interface Received {
  readonly path: string;
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let redis: RedisServer;
let connection: QueueConnection;
let target: LoopbackServer;
let received: Received[];
let answer: (response: ServerResponse, path: string) => void;
let senders: WebhookSender[];

beforeAll(async () => {
  redis = await startRedis();
  const env = readEnv({
    STYLEFLOW_REDIS_URL: redis.url,
    STYLEFLOW_STORE: 'file:/nowhere',
    STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64'),
  });
  connection = await connectQueue(env, { logger: quietLogger, secretKeys: env.STYLEFLOW_SECRET_KEY });
  target = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const headers = request.headers as Record<string, string>;
    received.push({ path: request.url ?? '', id: headers['webhook-id'] ?? '', headers, body });
    answer(response, request.url ?? '');
  });
});
beforeEach(() => {
  received = [];
  senders = [];
  answer = (response) => response.writeHead(204).end();
});
afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.close(0)));
});
afterAll(async () => {
  await target.stop();
  await connection.close();
  await redis.stop();
});

/** Attempts follow each other at once; everything else is as in production. */
function send({ allowPrivate = true, attempts = 3, timeoutMs = 5_000 } = {}): void {
  const { deliveries, circuits, targetPlaces, vault, clock, webhooks } = connection;
  const limits = { allowPrivate, ports: [80, 443], denied: [], timeoutMs };
  const delayMs = (made: number): number | null => (made < attempts ? 1 : null);
  const ports = { deliveries, circuits, targetPlaces, vault, clock, webhooks, limits, delayMs, logger: quietLogger };
  senders.push(startWebhookSender(ports, { takeEveryMs: 20 }));
}

/** A path of its own for each test, so that no circuit of another is met. */
async function endedJob(path = `/${mintJobId()}`, url = `${target.url}${path}?token=abc`) {
  const { records, vault } = connection;
  const id = mintJobId();
  const job = {
    ...{ id, owner: 'local', source: { type: 's3', bucket: 'b', key: 'k' } as const, metadata: {} },
    options: {
      maxFrames: 110,
      sampling: 'head',
      faces: 'all',
      detection: 'adaptive',
      priority: 5,
      keepCrops: false,
      keepSource: false,
    } as const,
    bundle: {
      ...({ id: 'test@0123456789ab', digest: '0'.repeat(64), variant: 'content', precision: 'fp32' } as const),
      ...{ trained: true, threshold: 0.2, calibration: { a: 1, b: 0 } },
    },
  };
  await records.create({ ...job, ...sealWebhook(vault, id, { url, secret: SECRET }) });
  await records.end({ job: id, run: 1 }, FAILED);
  return { id, path };
}

const settled = (of: string): Promise<Delivery> =>
  until(`the delivery of ${of} is settled`, async () => {
    const [delivery] = await connection.deliveries.list(of);
    return delivery && delivery.status !== 'pending' ? delivery : null;
  });

describe('the sender of webhooks', () => {
  it('tells of an end by one signed POST to the whole address, which the reference library accepts', async () => {
    const { id, path } = await endedJob();
    send();
    const delivery = await settled(id);
    expect(delivery).toMatchObject({ status: 'delivered', attemptsMade: 1, url: `${target.url}${path}?...` });
    expect(received).toHaveLength(1);
    const [post] = received;
    expect([post?.path, post?.id]).toEqual([`${path}?token=abc`, `${id}_1_job_failed`]);
    const body = new Webhook(SECRET).verify(post?.body ?? '', post?.headers ?? {});
    expect(JobWebhookBodySchema.safeParse(body).success).toBe(true);
    expect(body).toEqual({
      type: 'job.failed',
      timestamp: delivery.at,
      data: { job: id, run: 1, status: 'failed', error: FAILED.error },
    });
    expect(JSON.stringify(delivery)).not.toMatch(/abc|whsec/);
  });

  it('tries again with the same id and body while the target answers 500, and notes each attempt', async () => {
    let calls = 0;
    answer = (response) => response.writeHead(++calls < 3 ? 500 : 200).end();
    const { id } = await endedJob();
    send();
    const delivery = await settled(id);
    expect([delivery.status, delivery.attempts.map(({ status }) => status)]).toEqual(['delivered', [500, 500, 200]]);
    expect(new Set(received.map((post) => post.id)).size).toBe(1);
    expect(new Set(received.map((post) => post.body)).size).toBe(1);
  });

  it('gives up when its attempts are used up, and sends once more when it is asked to', async () => {
    answer = (response) => response.writeHead(500).end();
    const { id } = await endedJob();
    send();
    expect(await settled(id)).toMatchObject({ status: 'failed', attemptsMade: 3, nextAttemptAt: null });
    answer = (response) => response.writeHead(200).end();
    await connection.deliveries.redeliver(id, 1);
    expect(await settled(id)).toMatchObject({ status: 'delivered', attemptsMade: 1 });
  });

  it('is not held up by targets that hang: others get theirs, and they run into their time', async () => {
    answer = (response, path) => (path.startsWith('/hangs') ? undefined : response.writeHead(200).end());
    const hanging = await Promise.all(Array.from({ length: 6 }, () => endedJob(`/hangs/${mintJobId()}`)));
    send({ timeoutMs: 1_500, attempts: 1 });
    await until('some hang', () => received.length > 0);
    const elsewhere = await startHttpServer((_request, response) => response.writeHead(200).end());
    const { id } = await endedJob('/', `${elsewhere.url}/`);
    expect((await settled(id)).status).toBe('delivered');
    for (const { id: stuck } of hanging) {
      const { status, attempts } = await settled(stuck);
      expect([status, attempts[0]?.error]).toEqual(['failed', 'It gave no answer within 1.5 s.']);
    }
    await elsewhere.stop();
  });

  it('follows no redirect, and calls no private address unless that is allowed', async () => {
    answer = (response) => response.writeHead(302, { location: `${target.url}/inner` }).end();
    const redirected = await endedJob();
    send({ attempts: 1 });
    expect((await settled(redirected.id)).attempts[0]?.error).toContain('redirects are not followed');
    expect(received.map(({ path }) => path)).toEqual([`${redirected.path}?token=abc`]);
    await Promise.all(senders.splice(0).map((sender) => sender.close(0)));
    received = [];
    const inside = await endedJob();
    send({ allowPrivate: false });
    const refused = await settled(inside.id);
    expect([refused.status, refused.attemptsMade]).toEqual(['failed', 1]);
    expect(refused.attempts[0]?.error).toContain('STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS');
    expect(received).toEqual([]);
  });

  it('lets a dead target rest, for all that is to be told to it: it is hardly asked, and nothing is given up', async () => {
    answer = (response) => response.writeHead(503).end();
    const path = `/dead/${mintJobId()}`;
    const jobs = await Promise.all(Array.from({ length: 20 }, () => endedJob(path)));
    send({ attempts: 100 });
    await until('the target rests', async () => (await connection.circuits.restMs(`${target.url}${path}?...`)) > 0);
    await until('all are put aside', async () => (await connection.webhooks.waiting()) === jobs.length);
    // Those that were under way when the fifth failed, and no more.
    expect(received.length).toBeLessThanOrEqual(5 + 16);
    for (const { id } of jobs) expect((await connection.deliveries.list(id))[0]?.status).toBe('pending');
  });

  it('never sends unsigned what was to be signed: a secret that is gone ends the delivery, and says so', async () => {
    const { id } = await endedJob();
    await connection.vault.erase(id, ['webhook.secret']);
    send();
    const { status, attempts } = await settled(id);
    expect([status, attempts[0]?.error]).toEqual(['failed', expect.stringContaining('webhook.secret')]);
    expect(received).toEqual([]);
  });

  it('tells each of forty ends, at least once and under one id, to a target that fails three of ten calls', async () => {
    const calls = new Map<string, number>();
    answer = (response, path) => {
      const call = calls.get(path) ?? 0;
      calls.set(path, call + 1);
      const turn = Number(path.split('/')[1]) + 3 * call;
      response.writeHead(turn % 10 < 3 ? 500 : 200).end();
    };
    const jobs = await Promise.all(Array.from({ length: 40 }, (_, index) => endedJob(`/${index}/${mintJobId()}`)));
    send({ attempts: 50 });
    send({ attempts: 50 });
    for (const { id } of jobs) expect((await settled(id)).status).toBe('delivered');
    expect(received.length).toBeGreaterThanOrEqual(52);
    expect(new Set(received.map(({ id }) => id))).toEqual(new Set(jobs.map(({ id }) => `${id}_1_job_failed`)));
    for (const { body, headers } of received) expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
  });

  it('sends everything once, by however many workers, when it was recorded while none ran', async () => {
    const jobs = await Promise.all(Array.from({ length: 30 }, () => endedJob()));
    send();
    send();
    for (const { id } of jobs) expect((await settled(id)).status).toBe('delivered');
    expect(new Set(received.map(({ id }) => id)).size).toBe(30);
    expect(received).toHaveLength(30);
  });
});
