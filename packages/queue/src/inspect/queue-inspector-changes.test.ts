import { entryId } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { type InspectorFixture, useInspector } from './test-inspector.js';

describe('what the queue inspector changes, and what it refuses', () => {
  let raw: InspectorFixture['raw'];
  let connection: InspectorFixture['connection'];
  let inspector: InspectorFixture['inspector'];
  let workers: InspectorFixture['workers'];
  let run: InspectorFixture['run'];
  let bundle: InspectorFixture['bundle'];
  let scoreQueue: InspectorFixture['scoreQueue'];
  let addClips: InspectorFixture['addClips'];
  let page: InspectorFixture['page'];
  useInspector((fixture) => {
    ({ raw, connection, inspector, workers, run, bundle, scoreQueue, addClips, page } = fixture);
  });

  it('takes an entry out that is none of ours, and no other', async () => {
    await addClips(1);
    await raw.hset(`{styleflow}:${scoreQueue}:by-hand`, { data: '[]' });
    await raw.lpush(`{styleflow}:${scoreQueue}:wait`, 'by-hand');
    expect(await inspector.remove(scoreQueue, 'by-hand')).toBe(true);
    expect(await inspector.remove(scoreQueue, 'by-hand')).toBe(false);
    expect((await page(scoreQueue, 'waiting')).map(({ id }) => id)).toEqual([
      entryId.score({ ...run, track: 5, clip: 0 }),
    ]);
  });

  it('knows neither other keys of a queue nor queues that are not there, and remembers none', async () => {
    expect(await inspector.entry('prepare', 'meta')).toBeNull();
    expect(await inspector.entry('prepare', 'x:lock')).toBeNull();
    const notThere = { code: 'not_found', message: expect.stringContaining('there are prepare, finish') };
    await expect(inspector.entries('nowhere', { state: 'failed', limit: 1 })).rejects.toMatchObject(notThere);
    await expect(inspector.pause('score.000000000000')).rejects.toMatchObject(notThere);
    expect((await connection.queue.depths()).map(({ name }) => name)).toEqual([
      'prepare',
      'finish',
      'webhook',
      'report',
    ]);
    await expect(inspector.entries('prepare', { state: 'failed', limit: 1, cursor: 'wait:1:a' })).rejects.toMatchObject(
      {
        code: 'invalid_request',
      },
    );
  });

  it('stops a queue for workers old and new, lets running work end, and lets it go on', async () => {
    await addClips(3);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const scored: number[] = [];
    const work = (): void => {
      workers.push(
        connection.queue.workScore(
          async ({ payload }) => {
            if (payload.clip === 0) await held;
            scored.push(payload.clip);
          },
          { concurrency: 1, bundleDigest: bundle.digest },
        ),
      );
    };
    work();
    await until('the first is taken', async () => (await page(scoreQueue, 'active')).length === 1);
    await inspector.pause(scoreQueue);
    await inspector.pause(scoreQueue);
    release();
    await until('the first has ended', async () => (await page(scoreQueue, 'completed')).length === 1);
    work();
    // An entry of another queue is taken, held back and handled. This proves that the workers had time to take one
    // here.
    let prepared = 0;
    workers.push(
      connection.queue.workPrepare(
        async () => {
          prepared += 1;
        },
        { concurrency: 1 },
      ),
    );
    await until('another queue moves', () => prepared === 1);
    expect(scored).toEqual([0]);
    const depth = async () => (await connection.queue.depths()).find(({ name }) => name === scoreQueue);
    expect(await depth()).toMatchObject({ paused: true, waiting: 2, active: 0, completed: 1 });
    await inspector.resume(scoreQueue);
    await until('the rest is scored', () => scored.length === 3);
    expect(await depth()).toMatchObject({ paused: false, waiting: 0 });
  });
});
