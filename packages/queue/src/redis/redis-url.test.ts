import { parseEnv } from '@styleflow/runtime';
import { describe, expect, it } from 'vitest';
import { queueSettings } from '../queue-settings.js';
import { parseRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it('reads the three forms', () => {
    expect(parseRedisUrl('redis://cache')).toEqual({
      kind: 'single',
      tls: false,
      node: { host: 'cache', port: 6379 },
      db: 0,
    });
    expect(parseRedisUrl('rediss://ann:p%40ss@[::1]:7000/3')).toEqual({
      kind: 'single',
      tls: true,
      username: 'ann',
      password: 'p@ss',
      node: { host: '::1', port: 7000 },
      db: 3,
    });
    expect(parseRedisUrl('redis-sentinel://:secret@one,two:5000/main/2')).toEqual({
      kind: 'sentinel',
      tls: false,
      password: 'secret',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 5000 },
      ],
      master: 'main',
      db: 2,
    });
    expect(parseRedisUrl('redis-cluster://one:7001,two:7002')).toEqual({
      kind: 'cluster',
      tls: false,
      nodes: [
        { host: 'one', port: 7001 },
        { host: 'two', port: 7002 },
      ],
    });
  });

  it('reads TLS in each form', () => {
    const schemes = ['rediss://one', 'rediss-sentinel://one/main', 'rediss-cluster://one'];
    expect(schemes.map((text) => parseRedisUrl(text))).toEqual([
      expect.objectContaining({ kind: 'single', tls: true }),
      expect.objectContaining({ kind: 'sentinel', tls: true, master: 'main' }),
      expect.objectContaining({ kind: 'cluster', tls: true }),
    ]);
  });

  it.each([
    'http://cache',
    'redis-tls://cache',
    'redis://',
    'redis://one,two',
    'redis://cache:0',
    'redis://cache:70000',
    'redis://cache/db',
    'redis://cache/1/2',
    'redis://%zz:x@cache',
    'redis-sentinel://one:5000',
    'redis-cluster://one/1',
  ])('refuses %s', (text) => {
    expect(parseRedisUrl(text)).toBeNull();
  });
});

describe('queueSettings', () => {
  it('has defaults for a Redis of this machine', () => {
    expect(parseEnv(queueSettings, {})).toEqual({
      STYLEFLOW_REDIS_URL: 'redis://127.0.0.1:6379',
      STYLEFLOW_MAX_QUEUED_JOBS: 100_000,
      STYLEFLOW_LOCK_SECONDS: 30,
      STYLEFLOW_OUTAGE_BUDGET_MINUTES: 15,
      STYLEFLOW_OWNER_WEIGHTS: new Map(),
    });
  });

  it('names a wrong address without repeating it, since it may hold a password', () => {
    const parse = (): unknown => parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: 'redis://:hunter2@' });
    expect(parse).toThrow(/STYLEFLOW_REDIS_URL: allowed: redis:/);
    expect(parse).not.toThrow(/hunter2/);
  });
});
