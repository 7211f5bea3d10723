import { dropPixels, hasScore, readPixels, writeScore } from '@styleflow/clips';
import { type ClipRef, type JobId, type Result, ResultSchema } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import {
  clipKey,
  clipScoreKey,
  isDamagedObject,
  preparedKey,
  recordKey,
  resultKey,
  sourceKey,
} from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from './run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from './test-system.js';

let system: TestSystem;
let worker: CpuWorker;
let undisturbed: object;
let video: string;
/** Runs before and after each scoring of a clip; tests set them. */
let hooks: { before?: (clip: ClipRef) => Promise<void>; after?: (clip: ClipRef) => Promise<void> } = {};

beforeAll(async () => {
  // A sweep might mend what is to mend itself.
  system = await startTestSystem({ STYLEFLOW_SWEEP_SECONDS: '3600' });
  worker = await runCpuWorker(system.env, quietLogger);
  scoreAsGpuWorkersDo();
  video = await makeVideo({ frames: 96 });
  const job = await system.submit(video);
  await system.waitForEnd(job);
  undisturbed = await readResult(job);
}, 120_000);
afterEach(() => {
  hooks = {};
});
afterAll(async () => {
  await worker.stop();
  await system.stop();
});

/** Scores hang on the pixels, so that a clip of other pixels would be seen. */
function scoreAsGpuWorkersDo(): void {
  const { queue, records, store, bundleDigest } = system;
  queue.workScore(
    async ({ payload: { job, run, track, clip } }) => {
      const ref = { job, run, track, clip };
      await hooks.before?.(ref);
      if (!(await records.isWanted(ref))) return;
      if (!(await hasScore(store, ref))) {
        const pixels = await readPixels(store, ref).catch(async (error: unknown) => {
          if (isDamagedObject(error)) await dropPixels(store, ref);
          throw error;
        });
        const logit = pixels.reduce((sum, value, index) => (sum + value * (index % 7)) % 1009, 0) / 1009;
        await writeScore(store, ref, { v: 1, logit, batchSize: 1, provider: 'cpu' });
      }
      await hooks.after?.(ref);
      await records.countClip(ref, track, clip);
      await dropPixels(store, ref);
    },
    { concurrency: 1, bundleDigest },
  );
}

/** The result without what differs between two jobs of one video: ids, links and times. */
async function readResult(job: JobId): Promise<object> {
  const text = (await system.store.get(resultKey(job)))?.toString() ?? 'null';
  const { timings: _, ...result }: Result = ResultSchema.parse(JSON.parse(text));
  return JSON.parse(JSON.stringify(result).replaceAll(job, 'JOB')) as object;
}

const DAMAGES: readonly [string, (bytes: Buffer) => Buffer][] = [
  ['cut to its half', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['empty', () => Buffer.alloc(0)],
  ['one bit off', (bytes) => flipBit(bytes)],
];

function flipBit(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  // A digit stays a digit: only the digest can tell.
  const middle = Math.floor(copy.length / 2);
  const digit = copy.findIndex((byte, index) => index >= middle && byte >= 0x30 && byte <= 0x37);
  const at = digit === -1 ? middle : digit;
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

async function damage(key: string, how: (bytes: Buffer) => Buffer = flipBit): Promise<void> {
  const bytes = await system.store.get(key);
  if (bytes === null) throw new Error(`there is no ${key}`);
  await system.store.put(key, how(bytes), 'application/octet-stream');
}

const scoreKeyOf = ({ job, run, track, clip }: ClipRef): string => clipScoreKey(job, run, track, clip);
const clipOf = (job: JobId, clip: number): ClipRef => ({ job, run: 1, track: 0, clip });

/** Damages the score of the second clip each time that it is written. */
function damageScores(): void {
  hooks.after = async (ref) => {
    if (ref.clip === 1) await damage(scoreKeyOf(ref));
  };
}

/** A job whose clips are cut and none of which is scored until `go` is called. */
async function heldBeforeScoring(): Promise<{ readonly job: JobId; go(): void }> {
  let go = (): void => undefined;
  const gate = new Promise<void>((open) => {
    go = open;
  });
  hooks.before = () => gate;
  const job = await system.submit(video);
  await until('all clips are cut', async () => (await system.records.read(job))?.status === 'scoring');
  return { job, go };
}

const lookAt = async (job: JobId): Promise<JobRecord> => system.waitForEnd(job);

describe('a damaged object of a run', { timeout: 60_000 }, () => {
  it('is made again: scores that are cut to their half, empty, and one bit off', async () => {
    const left = new Map(DAMAGES.entries());
    hooks.after = async (ref) => {
      const how = left.get(ref.clip)?.[1];
      if (how) await damage(scoreKeyOf(ref), how);
      left.delete(ref.clip);
    };
    const job = await system.submit(video);
    expect(await lookAt(job)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await readResult(job)).toEqual(undisturbed);
  });

  it('is made again: pixels of clips that are cut to their half, empty, and one bit off', async () => {
    const { job, go } = await heldBeforeScoring();
    for (const [clip, [, how]] of DAMAGES.entries()) await damage(clipKey(job, 1, 0, clip), how);
    go();
    expect(await lookAt(job)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await readResult(job)).toEqual(undisturbed);
  });

  it.each(DAMAGES)('is made again: an account of the run that is %s', async (_name, how) => {
    const { job, go } = await heldBeforeScoring();
    await damage(preparedKey(job, 1), how);
    go();
    expect(await lookAt(job)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await readResult(job)).toEqual(undisturbed);
  });

  it('is made again when all three kinds are gone from the store', async () => {
    const { job, go } = await heldBeforeScoring();
    await system.store.delete([preparedKey(job, 1), clipKey(job, 1, 0, 2)]);
    let isFirst = true;
    hooks.after = async (ref) => {
      if (ref.clip === 1 && isFirst) await system.store.delete([scoreKeyOf(ref)]);
      isFirst = isFirst && ref.clip !== 1;
    };
    go();
    expect(await lookAt(job)).toMatchObject({ status: 'succeeded' });
    expect(await readResult(job)).toEqual(undisturbed);
  });

  it('ends its job, by its name, when it is damaged again each time', async () => {
    damageScores();
    const job = await system.submit(video);
    const record = await lookAt(job);
    expect(record).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'internal' } });
    expect(record.error?.message).toBe(
      `1 of 3 clips could not be scored. The stored object ${clipScoreKey(job, 1, 0, 1)} is damaged, ` +
        'and was so again after it had been made anew.',
    );
  });

  it('gives its clip up with the reason when the source cannot be had any more', async () => {
    const { job, go } = await heldBeforeScoring();
    await damage(clipKey(job, 1, 0, 1));
    await system.store.delete([sourceKey(job)]);
    go();
    const record = await lookAt(job);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(record.error?.message).toContain(`${clipKey(job, 1, 0, 1)} is damaged and could not be made again: `);
  });

  it('is not made again of another video that stands where the source was', async () => {
    const { job, go } = await heldBeforeScoring();
    await damage(clipKey(job, 1, 0, 1));
    await system.store.put(sourceKey(job), 'another', 'video/mp4');
    go();
    const record = await lookAt(job);
    expect(record.error?.message).toContain('The source is not the video any more that it was at first');
  });

  it.each(['score', 'clip', 'prepared'] as const)('does not stand in the way of a cancellation: a %s', async (kind) => {
    const { job, go } = await heldBeforeScoring();
    const ref = clipOf(job, 1);
    if (kind === 'score') damageScores();
    if (kind === 'clip') await damage(clipKey(job, 1, 0, 1));
    if (kind === 'prepared') await damage(preparedKey(job, 1));
    go();
    await until('it is prepared again', async () => ((await system.records.read(job))?.attempts ?? 0) > 1);
    await system.records.requestCancel(job);
    await system.queue.dropWaiting(ref);
    expect(await lookAt(job)).toMatchObject({ status: 'canceled' });
  });
});

describe('a damaged record in the archive', () => {
  it('is told as what the indexes know, to its owner alone, and is deleted as any other', async () => {
    const { records, endedJobs, store } = system;
    const job = await system.submit(video);
    const { finishedAt } = await lookAt(job);
    expect(await endedJobs.archive(job)).toBe(true);
    const sound = await store.get(recordKey(job, 1));
    for (const [, how] of DAMAGES) {
      await store.put(recordKey(job, 1), how(sound ?? Buffer.alloc(0)), 'application/json');
      await expect(records.read(job)).rejects.toMatchObject({
        code: 'gone',
        message:
          `The record of job ${job} is damaged in the store. The job succeeded at ${finishedAt}; ` +
          'what it left can still be read and deleted.',
      });
    }
    const known = { id: job, run: 1, status: 'succeeded', finishedAt };
    expect(await records.standing(job)).toEqual(known);
    expect(await records.standing(job, 'local')).toEqual(known);
    expect(await records.standing(job, 'another')).toBeNull();
    expect(await records.startRetry(job)).toBeNull();
    await records.bury(job);
    expect([await records.read(job), await records.standing(job)]).toEqual([null, null]);
  });
});
