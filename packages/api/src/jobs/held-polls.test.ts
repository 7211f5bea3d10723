import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { submit } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const POLLS = 2_000;

let redis: RedisServer;
let server: TestServer;
let folder: string;
let child: ChildProcess;

beforeAll(async () => {
  redis = await startRedis();
  server = await startTestServer({}, { redis });
  folder = await mkdtemp(join(tmpdir(), 'styleflow-held-'));
});
afterAll(async () => {
  child.kill('SIGKILL');
  await server.stop();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A process of its own, nothing of whose code has run yet. */
async function startProcess(): Promise<number> {
  child = spawn(process.execPath, [fileURLToPath(new URL('../main.js', import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      STYLEFLOW_REDIS_URL: redis.url,
      STYLEFLOW_STORE: `file:${folder}`,
      STYLEFLOW_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(String(line)).port;
}

describe('an API that has just started', () => {
  it(`answers ${POLLS} held polls, also when its machine gives it no time for seconds`, async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => submit(server)));
    const port = await startProcess();
    const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
    const poll = (id: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const path = `/v1/jobs/${id}`;
        const request = get({ port, host: '127.0.0.1', path, agent, headers: { Prefer: 'wait=12' } }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        });
        request.once('error', reject);
      });
    const polls = Array.from({ length: POLLS }, (_, index) => poll(ids[index % ids.length] ?? ''));
    // While it asks Redis for one after the other, as late as on a machine that has too much to do.
    for (let stop = 0; stop < 4; stop += 1) {
      await pause(200);
      child.kill('SIGSTOP');
      await pause(2_200);
      child.kill('SIGCONT');
    }
    const statuses = await Promise.all(polls);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });
});
