// @module-tag deploy-tools
// @module-tag redis
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { resolveCompose } from './check-compose.mjs';
import { renderChart } from './render-chart.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stores-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** @param {string[]} args @param {Record<string, string>} env */
const redisCli = (args, env) =>
  spawnSync('redis-cli', args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } }).stdout.trim();

/** Runs the command of a Redis as it is deployed, but for port and folder, and looks who gets in. @param {string[]} command */
async function tryRedis(command) {
  const port = await freePort();
  const words = command.map((word) =>
    word.replaceAll('$$', '$').replace('redis-server - ', `redis-server - --port ${port} --dir ${folder} `),
  );
  const env = { PATH: process.env.PATH, REDIS_PASSWORD: 's3cret-Word', REDIS_MAX_MEMORY: '100mb' };
  const child = spawn(String(words[0]), words.slice(1), { env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const ask = (/** @type {string} */ password, /** @type {string[]} */ ...args) =>
      redisCli(['-p', String(port), ...args], password === '' ? {} : { REDISCLI_AUTH: password });
    for (let tries = 0; tries < 200 && ask('s3cret-Word', 'ping') !== 'PONG'; tries += 1) await pause(50);
    return {
      right: ask('s3cret-Word', 'ping'),
      without: ask('', 'ping'),
      wrong: ask('other', 'ping'),
      policy: ask('s3cret-Word', 'config', 'get', 'maxmemory-policy'),
      appendOnly: ask('s3cret-Word', 'config', 'get', 'appendonly'),
      arguments: readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'),
    };
  } finally {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
  }
}

describe('Redis as it is deployed', { tags: ['linux'] }, () => {
  it.each(['compose', 'chart'])('lets nobody in without the password, which no argument shows (%s)', async (where) => {
    const tools = await installDeployTools();
    const command =
      where === 'compose'
        ? (await resolveCompose(tools, ROOT)).config.services.redis.command
        : (await renderChart(tools, ROOT)).manifests.find(({ json }) => json.kind === 'StatefulSet')?.json.spec.template
            .spec.containers[0].args;
    const found = await tryRedis(command);
    expect(found).toMatchObject({
      right: 'PONG',
      policy: 'maxmemory-policy\nnoeviction',
      appendOnly: 'appendonly\nyes',
    });
    for (const refused of [found.without, found.wrong]) expect(refused).toMatch(/NOAUTH|WRONGPASS/);
    // The shell has become Redis, so that a signal reaches it.
    expect(found.arguments).toMatch(/^redis-server/);
    expect(found.arguments).not.toContain('s3cret-Word');
  });
});

describe('the object store as it is deployed', () => {
  it('gets one key for each kind of process, none of which is an administrator, and shows the S3 port alone', () => {
    const start = join(folder, 'image-start');
    writeFileSync(start, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const config = join(folder, 's3.json');
    const env = {
      ...{
        PATH: process.env.PATH,
        IMAGE_START: start,
        CONFIG: config,
        BUCKET: 'videos',
        SOURCE_BUCKETS: 'incoming,archive',
      },
      ...{ API_KEY_ID: 'a', API_SECRET: 'a-secret', CPU_WORKER_KEY_ID: 'c', CPU_WORKER_SECRET: 'c-secret' },
      ...{ GPU_WORKER_KEY_ID: 'g', GPU_WORKER_SECRET: 'g-secret' },
    };
    const { status, stdout } = spawnSync('sh', [join(ROOT, 'deploy/store/start-seaweedfs.sh')], {
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['server', '-ip.bind=127.0.0.1', '-s3.ip.bind=0.0.0.0', `-s3.config=${config}`]),
    );
    const { identities } = JSON.parse(readFileSync(config, 'utf8'));
    expect(identities.map((/** @type {any} */ { name, credentials }) => [name, credentials])).toEqual([
      ['api', [{ accessKey: 'a', secretKey: 'a-secret' }]],
      ['cpu-worker', [{ accessKey: 'c', secretKey: 'c-secret' }]],
      ['gpu-worker', [{ accessKey: 'g', secretKey: 'g-secret' }]],
    ]);
    const actions = Object.fromEntries(identities.map((/** @type {any} */ each) => [each.name, each.actions]));
    expect(Object.values(actions).flat().join()).not.toContain('Admin');
    expect(actions['cpu-worker']).toEqual(
      // An upload that a batch names becomes the batch's own before it expires.
      expect.arrayContaining(['Read:videos/jobs/*', 'Read:videos/uploads/*', 'Read:incoming', 'Read:archive']),
    );
    expect(actions['gpu-worker'].join()).not.toMatch(/uploads|tombstones|incoming/);
  });
});
