import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScript } from './redis-script.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

const filesOf = (folder: string, extension: string): string[] =>
  readdirSync(`${PACKAGE}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length));

const scripts = filesOf('lua', '.lua').filter((name) => !name.startsWith('records/prelude/'));

describe('the Lua scripts', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it.each(scripts)('%s is one that Redis can load', async (name) => {
    expect(await redis.script('LOAD', readScript(name).lua)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('are all used', () => {
    const code = filesOf('src', '.ts')
      .filter((file) => !file.endsWith('.test'))
      .map((file) => readFileSync(`${PACKAGE}src/${file}.ts`, 'utf8'))
      .join('\n');
    expect(scripts.length).toBeGreaterThan(20);
    expect(scripts.filter((name) => !code.includes(`readScript('${name}')`))).toEqual([]);
  });

  it('of the records know the statuses and the shares of the contracts by name', () => {
    const { lua } = readScript('records/is-wanted');
    expect(lua).toContain('local ENDED_STATUSES = { "succeeded", "failed", "canceled" }\n');
    expect(lua).toContain('local UNFINISHED_STATUSES = { "queued", "preparing", "scoring" }\n');
    expect(lua).toContain('local DECODE_SHARE = 0.6\n');
  });
});
