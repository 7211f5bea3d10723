import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { findFreePort, type RedisServer, startFaultyLink, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './test-calls.js';
import { sha256 } from './test-jobs.js';
import { BUNDLE } from './test-server.js';

let redis: RedisServer;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-api-main-'));
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>): ChildProcess {
  const settings = { STYLEFLOW_REDIS_URL: redis.url, STYLEFLOW_STORE: `file:${folder}`, STYLEFLOW_PORT: '0', ...env };
  return spawn(process.execPath, [fileURLToPath(new URL('./main.js', import.meta.url))], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const { ready, port } = JSON.parse(line);
    expect(ready).toBe(true);
    return port;
  }
  throw new Error(`it ended with ${child.exitCode} before it was ready`);
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

describe('the process', () => {
  it('says when it serves and that it asks for no key, shows itself, and stops on SIGTERM', async () => {
    const child = start({ STYLEFLOW_ADMIN_PORT: '0' });
    const over = ended(child);
    const log = textOf(child.stderr);
    try {
      const url = `http://127.0.0.1:${await portOf(child)}`;
      expect((await call(`${url}/readyz`)).body).toMatchObject({ ready: true });
      const { body } = await call(`${url}/v1/system`);
      expect(body.workers).toEqual([expect.objectContaining({ kind: 'api', pid: child.pid, health: 'ready' })]);
      expect(body.store).toBe(`file:${folder}`);
      const page = await call(`${url}/metrics`);
      expect(page.body).toContain('styleflow_queue_depth{queue="prepare",state="waiting"} 0');
      const refused = await call(`${url}/v1/jobs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"source":{"type":"url","url":"https://videos.example.org/a.mp4"}}',
      });
      expect(refused).toMatchObject({ status: 422, body: { code: 'bundle_unknown' } });
      expect(refused.body.detail).toContain('start a gpu-worker');
    } finally {
      child.kill('SIGTERM');
    }
    expect(await over).toBe(0);
    expect(await log).toContain('no STYLEFLOW_API_KEYS');
  });

  it('says in its log which key made which job, and never the key', async () => {
    const child = start({
      STYLEFLOW_API_KEYS: `anna:user:sha256:${sha256('top-secret')}`,
      STYLEFLOW_HOST: '127.0.0.1',
    });
    const over = ended(child);
    const log = textOf(child.stderr);
    const redisOnly = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: redis.url });
    const { announcements, close } = await connectQueue(redisOnly, { logger: createLogger('test', 'silent') });
    await announcements.rememberBundle(BUNDLE);
    await close();
    const { status, body } = await call(`http://127.0.0.1:${await portOf(child)}/v1/jobs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer top-secret' },
      body: '{"source":{"type":"url","url":"https://videos.example.org/a.mp4"}}',
    });
    expect(status).toBe(202);
    child.kill('SIGTERM');
    expect(await over).toBe(0);
    const lines = (await log).trim().split('\n');
    const find = (words: string) => JSON.parse(lines.find((line) => line.includes(words)) ?? 'null');
    expect(find('job accepted')).toMatchObject({ job: body.id, caller: 'anna', bundle: BUNDLE.id });
    expect(find('answered')).toMatchObject({ method: 'POST', path: '/v1/jobs', status: 202, caller: 'anna' });
    expect(lines.join()).not.toContain('top-secret');
  });

  it('does not start on wrong settings: it names them and exits 2', async () => {
    const child = start({ STYLEFLOW_PORT: 'many', STYLEFLOW_API_KEYS: 'secret-by-mistake' });
    const log = await textOf(child.stderr);
    expect(child.exitCode ?? (await ended(child))).toBe(2);
    expect(log).toContain('STYLEFLOW_PORT');
    expect(log).toContain('STYLEFLOW_API_KEYS');
    expect(log).not.toContain('secret-by-mistake');
  });

  it('does not start on a wrong setting of another process, nor on an address that it has not: it names both', async () => {
    const foreign = start({ STYLEFLOW_MEDIA_RETENTION_HOURS: '-1' });
    expect(await textOf(foreign.stderr)).toContain('STYLEFLOW_MEDIA_RETENTION_HOURS: allowed: a whole number');
    const elsewhere = start({ STYLEFLOW_HOST: '192.0.2.1', STYLEFLOW_PORT: '0', STYLEFLOW_PROT: '1' });
    const log = await textOf(elsewhere.stderr);
    expect(elsewhere.exitCode ?? (await ended(elsewhere))).toBe(2);
    expect(log).toContain('error: invalid_request: STYLEFLOW_HOST: 192.0.2.1 is no address of this machine');
    expect(log).toContain('STYLEFLOW_PROT is no setting and changes nothing; did you mean STYLEFLOW_PORT?');
  });

  it('does not start without a store: it says how one is named', async () => {
    const child = start({ STYLEFLOW_STORE: '' });
    expect(await textOf(child.stderr)).toContain('STYLEFLOW_STORE: must be set: s3://bucket/prefix or file:FOLDER');
  });

  it('starts and answers polls while its store is away, which it finds by itself', async () => {
    const stop = async (child: ChildProcess): Promise<void> => {
      const over = ended(child);
      child.kill('SIGTERM');
      await over;
    };
    const first = start({});
    first.stderr?.resume();
    await portOf(first);
    await stop(first);
    await rename(folder, `${folder}.away`);
    const child = start({});
    const log = textOf(child.stderr);
    try {
      const url = `http://127.0.0.1:${await portOf(child)}`;
      expect((await call(`${url}/v1/jobs`)).status).toBe(200);
      expect(await call(`${url}/readyz`)).toMatchObject({
        status: 200,
        body: { ready: true, checks: { store: 'storage_unavailable' } },
      });
      expect(await call(`${url}/v1/uploads`, { method: 'POST' })).toMatchObject({
        status: 503,
        body: { code: 'storage_unavailable' },
      });
      await rename(`${folder}.away`, folder);
      expect((await call(`${url}/v1/uploads`, { method: 'POST' })).status).toBe(201);
      await until('its readiness says so', async () => (await call(`${url}/readyz`)).body.checks.store === 'ok');
    } finally {
      await stop(child);
    }
    expect(await log).toContain('serving without the object store');
  });

  it('waits for a Redis that is away at its start, says so, and serves once it is there', async () => {
    const link = await startFaultyLink({ port: Number(new URL(redis.url).port) });
    link.cut();
    const admin = await findFreePort();
    const child = start({ STYLEFLOW_REDIS_URL: `redis://127.0.0.1:${link.port}`, STYLEFLOW_ADMIN_PORT: String(admin) });
    const over = ended(child);
    const serving = portOf(child);
    let log = '';
    child.stderr?.on('data', (chunk) => {
      log += String(chunk);
    });
    await until('it says so', () => log.includes('redis is not there: Redis cannot serve now'));
    expect(await call(`http://127.0.0.1:${admin}/readyz`)).toMatchObject({
      status: 503,
      body: { health: 'starting', ready: false, checks: { redis: 'queue_unavailable' } },
    });
    link.restore();
    expect(await serving).toBeGreaterThan(0);
    expect(log).toContain('redis is there');
    child.kill('SIGTERM');
    expect(await over).toBe(0);
    await link.stop();
  });

  it('does not start on a port that another program has: it names the setting', async () => {
    const child = start({ STYLEFLOW_PORT: new URL(redis.url).port });
    const log = await textOf(child.stderr);
    expect(child.exitCode ?? (await ended(child))).toBe(1);
    expect(log).toMatch(/error: conflict: port \d+ of 127\.0\.0\.1 is in use .* STYLEFLOW_PORT/);
  });

  it('asks for a key once keys are set', async () => {
    const child = start({ STYLEFLOW_API_KEYS: `anna:user:sha256:${sha256('key')}`, STYLEFLOW_HOST: '127.0.0.1' });
    const over = ended(child);
    child.stderr?.resume();
    const url = `http://127.0.0.1:${await portOf(child)}/v1/jobs`;
    expect((await call(url)).status).toBe(401);
    expect((await call(url, { headers: { Authorization: 'Bearer key' } })).status).toBe(200);
    child.kill('SIGINT');
    expect(await over).toBe(0);
  });
});
