import { JobError, type JobId, type Prepared, type Result, ResultSchema } from '@styleflow/contracts';
import type { ChildFailures, JobRecord } from '@styleflow/queue';
import { clipKey, clipScoreKey, clipsPrefix, preparedKey, reportKey, resultKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { samplePrepared, sampleTrack } from '../sample-job.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { type FinishJobPorts, finishJobHandler } from './finish-job-handler.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const noFailures: ChildFailures = { prepare: null, clips: [] };

interface Stored {
  readonly prepared?: Prepared;
  readonly failures?: ChildFailures;
  /** Null: the clip has no score. */
  readonly logit?: (track: number, clip: number) => number | null;
  readonly ports?: Partial<FinishJobPorts>;
}

/** A job whose other stages have ended and left this, and its finish, to be run as often as a test likes. */
async function afterStages({ prepared, failures = noFailures, logit = () => 0, ports = {} }: Stored) {
  const { records, store } = system;
  const record = await system.createJob();
  const run = { job: record.id, run: 1 };
  await records.beginPrepare(run);
  if (prepared) {
    await store.put(preparedKey(record.id, 1), JSON.stringify(prepared), 'application/json');
    for (const { track, clips } of prepared.tracks) {
      for (const { index } of clips) {
        await store.put(clipKey(record.id, 1, track, index), 'pixels', 'application/octet-stream');
        const value = logit(track, index);
        if (value === null) continue;
        const score = { v: 1, logit: value, batchSize: 2, provider: 'cpu' };
        await store.put(clipScoreKey(record.id, 1, track, index), JSON.stringify(score), 'application/json');
      }
    }
    await records.beginScoring(run);
  }
  const queue = { ...system.queue, childFailures: async () => failures };
  const handler = finishJobHandler({
    ...{ records, queue, store, logger: quietLogger, version: '0.1.0', language: 'en' as const },
    shadows: { isHeld: async () => false },
    ...ports,
  });
  const finish = (isLast = false): Promise<'await-children' | undefined> =>
    handler({
      payload: { v: 1, ...run },
      number: 1,
      finalError: (error) => (isLast || !error.retryable ? error : null),
      wasStalled: false,
      signal: new AbortController().signal,
    });
  return { job: record.id, finish, read: async (): Promise<JobRecord | null> => records.read(record.id) };
}

async function readText(key: string): Promise<string | undefined> {
  return (await system.store.get(key))?.toString();
}

async function readResult(job: JobId): Promise<Result> {
  return ResultSchema.parse(JSON.parse((await readText(resultKey(job))) ?? 'null'));
}

describe('finishJobHandler', () => {
  it('averages logits in a track, takes the highest track, and deletes the pixels', async () => {
    const prepared = samplePrepared([sampleTrack(0, 2), sampleTrack(1, 2, 10)]);
    const { job, finish, read } = await afterStages({
      prepared,
      logit: (track, clip) => (track === 0 ? -5 : clip * 2 - 2),
    });
    await finish();
    const result = await readResult(job);
    // Track 1: mean logit −1, σ(−1) = 0.26894142136999512.
    expect(result.verdict).toEqual({ label: 'fake', score: 0.2689414213699951, threshold: 0.2 });
    expect(result.faces.map(({ track, rank }) => [track, rank])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(result.model).toMatchObject({ provider: 'cpu', batchSize: 2 });
    expect(result.partial).toBe(false);
    expect(await read()).toMatchObject({ status: 'succeeded', verdict: result.verdict });
    for await (const { key } of system.store.list(clipsPrefix(job, 1))) expect.unreachable(key);
  });

  it('writes the same bytes when it runs again after it was killed before ending the job', async () => {
    const prepared = samplePrepared([sampleTrack(0, 3)]);
    const killed = async (): Promise<boolean> => {
      throw new JobError('queue_unavailable', 'killed here');
    };
    const { job, finish, read } = await afterStages({
      prepared,
      ports: { records: { ...system.records, end: killed } },
    });
    await expect(finish()).rejects.toMatchObject({ code: 'queue_unavailable' });
    const first = [await readText(resultKey(job)), await readText(reportKey(job))];
    await expect(finish()).rejects.toMatchObject({ code: 'queue_unavailable' });
    expect([await readText(resultKey(job)), await readText(reportKey(job))]).toEqual(first);
    expect((await read())?.status).toBe('scoring');
  });

  it('ends no job whose result may lie in another store than ours', async () => {
    const { finish, read } = await afterStages({ prepared: samplePrepared([sampleTrack(0, 1)]) });
    const another = new JobError('storage_unavailable', 'another store');
    vi.spyOn(system.store, 'confirm').mockRejectedValueOnce(another);
    await expect(finish()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect((await read())?.status).toBe('scoring');
  });

  it('touches nothing once the job has ended', async () => {
    const { job, finish, read } = await afterStages({ prepared: samplePrepared([sampleTrack(0, 1)]) });
    await finish();
    const ended = await read();
    await system.store.put(resultKey(job), 'what clients have seen', 'application/json');
    await finish();
    expect(await readText(resultKey(job))).toBe('what clients have seen');
    expect(await read()).toEqual(ended);
  });

  it('calls a result partial at four fifths of the clips, and fails the job below with the first reason', async () => {
    const prepared = samplePrepared([sampleTrack(0, 5)]);
    const enough = await afterStages({ prepared, logit: (_, clip) => (clip === 2 ? null : 1) });
    await enough.finish();
    const result = await readResult(enough.job);
    expect(result.partial).toBe(true);
    expect(result.faces[0]?.clips[2]).toMatchObject({ logit: null, score: null });
    const error = new JobError('inference_failed', 'out of memory');
    const failures = {
      prepare: null,
      clips: [1, 0].map((clip) => ({ track: 0, clip, bundle: '0123456789ab', error })),
    };
    const few = await afterStages({ prepared, failures, logit: (_, clip) => (clip < 2 ? null : 1) });
    await few.finish();
    expect(await few.read()).toMatchObject({
      status: 'failed',
      error: {
        code: 'inference_failed',
        message: '2 of 5 clips could not be scored. The first of them: out of memory',
      },
    });
    expect(await readText(resultKey(few.job))).toBeUndefined();
  });

  it('fails with what prepare failed with, but not when prepare was lost after its account was stored', async () => {
    const failures = { prepare: new JobError('media_corrupt', 'It is damaged.'), clips: [] };
    const without = await afterStages({ failures });
    await without.finish();
    expect(await without.read()).toMatchObject({
      status: 'failed',
      error: { code: 'media_corrupt', message: 'It is damaged.' },
    });
    const after = await afterStages({ failures, prepared: samplePrepared([sampleTrack(0, 1)]) });
    await after.finish();
    expect((await after.read())?.status).toBe('succeeded');
  });

  it('ends a job whose cancellation was wished as canceled, whatever is stored', async () => {
    const { job, finish, read } = await afterStages({ prepared: samplePrepared([sampleTrack(0, 1)]) });
    await system.records.requestCancel(job);
    await finish();
    expect((await read())?.status).toBe('canceled');
    expect(await readText(resultKey(job))).toBeUndefined();
  });

  it('waits an outage out until its budget is over, which it then names, and fails the job when its own last attempt breaks', async () => {
    const prepared = samplePrepared([sampleTrack(0, 1)]);
    const down = async (): Promise<never> => {
      throw new JobError('storage_unavailable', 'down');
    };
    const broken = async (): Promise<never> => {
      throw new TypeError('broken');
    };
    const store = system.store;
    const put = { put: store.put.bind(store), list: store.list.bind(store), head: store.head.bind(store) };
    const away = { ...store, ...put, get: down, deletePrefix: down };
    const outage = await afterStages({ prepared, ports: { store: away } });
    await expect(outage.finish(false)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect((await outage.read())?.status).toBe('scoring');
    await outage.finish(true);
    expect(await outage.read()).toMatchObject({
      status: 'failed',
      error: { code: 'storage_unavailable', message: 'down' },
    });
    const fault = await afterStages({
      prepared,
      ports: { store: { ...store, ...put, deletePrefix: store.deletePrefix.bind(store), get: broken } },
    });
    await expect(fault.finish(false)).rejects.toThrow('broken');
    await fault.finish(true);
    expect(await fault.read()).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  });

  it('does not wait for a store once more for which prepare has waited too long already', async () => {
    const prepare = new JobError('storage_unavailable', 'The job waited too long.', { retryable: false });
    const get = (): never => {
      throw new TypeError('the store was asked');
    };
    const { finish, read } = await afterStages({
      failures: { prepare, clips: [] },
      ports: { store: { ...system.store, get, deletePrefix: async () => 0 } },
    });
    await finish();
    expect(await read()).toMatchObject({ status: 'failed', error: { message: 'The job waited too long.' } });
  });

  it('holds style flow and attention inline for sixteen clips and not for seventeen', async () => {
    const details = { styleFlow: [[0.5]], attention: [[0.25]] };
    for (const clips of [16, 17]) {
      const { job, finish } = await afterStages({ prepared: samplePrepared([sampleTrack(0, clips)]) });
      for (let clip = 0; clip < clips; clip += 1) {
        const score = { v: 1, logit: 0, batchSize: 1, provider: 'cpu', ...details };
        await system.store.put(clipScoreKey(job, 1, 0, clip), JSON.stringify(score), 'application/json');
      }
      await finish();
      const inline = (await readResult(job)).faces[0]?.clips.filter(
        ({ styleFlow, attention }) => styleFlow && attention,
      );
      expect(inline).toHaveLength(clips === 16 ? 16 : 0);
    }
  });
});
