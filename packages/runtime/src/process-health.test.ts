import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { ProcessHealth } from './process-health.js';

/** As other packages throw it. */
const jobError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { name: 'JobError', code });

describe('the health of a process', () => {
  it('goes from starting through ready and busy to draining', () => {
    const health = new ProcessHealth();
    expect(health.now).toBe('starting');
    let entries = 0;
    health.serve(() => entries > 0);
    expect(health.now).toBe('ready');
    entries = 1;
    expect(health.now).toBe('busy');
    health.drain();
    expect(health.now).toBe('draining');
  });

  it('is ready only while what it needs is there, and says of everything how it is', async () => {
    const health = new ProcessHealth();
    let isAway = true;
    health.require('scratch', async () => undefined);
    health.require('redis', async () => {
      if (isAway) throw Object.assign(new Error('Redis is away'), { name: 'JobError', code: 'queue_unavailable' });
    });
    health.serve();
    expect(await health.readiness()).toEqual({
      health: 'ready',
      ready: false,
      checks: { scratch: 'ok', redis: 'queue_unavailable' },
      reasons: { redis: 'Redis is away' },
    });
    isAway = false;
    await until('it is ready', async () => (await health.readiness()).ready);
    health.drain();
    expect(await health.readiness()).toMatchObject({ health: 'draining', ready: false });
  });

  it('stays ready without what it is not in need of', async () => {
    const health = new ProcessHealth();
    health.observe('store', () => Promise.reject(new Error('gone')));
    health.serve();
    expect(await health.readiness()).toMatchObject({ ready: true, checks: { store: 'internal' } });
  });

  it('waits at its start for what is away: says so at once and again, shows why, and goes on when it is there', async () => {
    const health = new ProcessHealth();
    let isAway = true;
    const said: string[] = [];
    const note = (...words: unknown[]) => void said.push(String(words.at(-1)));
    const open = async (): Promise<string> => {
      if (isAway) throw jobError('storage_unavailable', 'http://s3:9000 does not answer');
      return 'opened';
    };
    const reached = health.reach('store', open, { logger: { warn: note, info: note }, everyMs: 5, retryMs: 1 });
    await until('it has said so twice', () => said.length >= 2);
    expect(await health.readiness()).toMatchObject({
      ready: false,
      checks: { store: 'storage_unavailable' },
      reasons: { store: 'http://s3:9000 does not answer' },
    });
    isAway = false;
    expect(await reached).toBe('opened');
    expect(said.at(-1)).toBe('store is there');
    expect(new Set(said.slice(0, -1))).toEqual(
      new Set(['store is not there: http://s3:9000 does not answer; it is tried again until it is']),
    );
    expect((await health.readiness()).checks).toEqual({});
  });

  it('says nothing at a start on which all is there, and does not wait for what is wrong for good', async () => {
    const health = new ProcessHealth();
    const said: unknown[] = [];
    const logger = {
      warn: (...words: unknown[]) => void said.push(words),
      info: (...words: unknown[]) => void said.push(words),
    };
    expect(await health.reach('redis', async () => 1, { logger })).toBe(1);
    const wrong = jobError('invalid_request', 'STYLEFLOW_BUNDLE: there is none');
    await expect(health.reach('store', () => Promise.reject(wrong), { logger })).rejects.toBe(wrong);
    expect(said).toEqual([]);
  });

  it('asks a dependency once, however many ask, and waits only so long for one that hangs', async () => {
    const health = new ProcessHealth();
    let asked = 0;
    health.require('store', async () => {
      asked += 1;
    });
    health.require('redis', () => new Promise(() => undefined));
    health.serve();
    const answers = await Promise.all(Array.from({ length: 50 }, () => health.readiness()));
    expect(asked).toBe(1);
    for (const { checks } of answers) expect(checks).toEqual({ store: 'ok', redis: 'timeout' });
  });
});
