import { JobError, type JobId, type JobOptions, JobOptionsSchema, mintBatchId, mintJobId } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { clipKey, sourceKey } from '@styleflow/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { writePart } from '../stored/batch-parts.js';
import { findEarlier } from './find-earlier.js';
import { inheritedMetadata, inheritedOptions } from './inherit.js';

const HIDDEN = { source: { type: 'url', url: 'https://example.org/a.mp4?...' }, isSourceSealed: true } as const;
const UPLOAD = { source: { type: 'upload', uploadId: 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D' } } as const;
const RULES = { allowPrivateSources: false, ownBucket: null, sourceBuckets: ['films'] };

/** What there is: records by their id, and keys of the store. */
let jobs: Map<string, JobRecord | JobError>;
let objects: Map<string, Uint8Array | string>;
beforeEach(() => {
  jobs = new Map();
  objects = new Map();
});

function someJob(changes: object = {}): JobId {
  const id = mintJobId();
  jobs.set(id, {
    ...{ id, owner: 'anna', run: 1, status: 'succeeded', isSourceSealed: false, metadata: {} },
    ...{ source: { type: 'url', url: 'https://example.org/a.mp4' }, options: JobOptionsSchema.parse({}) },
    ...changes,
  } as unknown as JobRecord);
  return id;
}

const ports = {
  records: {
    async read(id: string) {
      const found = jobs.get(id) ?? null;
      if (found instanceof JobError) throw found;
      return found;
    },
    standing: async () => null,
  },
  store: {
    get: async (key: string) => {
      const found = objects.get(key);
      return found === undefined ? null : Buffer.from(found);
    },
    put: async (key: string, body: Uint8Array | string) => void objects.set(key, body),
    head: async (key: string) => (objects.has(key) ? { key, bytes: 1, modifiedAt: new Date() } : null),
    async *list(prefix: string) {
      for (const key of objects.keys()) if (key.startsWith(prefix)) yield { key, bytes: 1, modifiedAt: new Date() };
    },
  },
  sourceRules: RULES,
};

const find = async (id: string, given: Partial<JobOptions> = {}) =>
  findEarlier(ports, 'anna', id, (earlier) => ({ ...earlier, ...given })).then(
    ({ rescoreOf }) => rescoreOf,
    (error: JobError) => error.code,
  );

describe('an earlier job', () => {
  it('that is unknown, of another owner, or was deleted by another, is all the same', async () => {
    const deleted = mintJobId();
    jobs.set(deleted, new JobError('gone', 'deleted', { details: { deleted, owner: 'bert' } }));
    for (const id of [mintJobId(), someJob({ owner: 'bert' }), deleted, 'nonsense']) {
      expect(await find(id)).toBe('not_found');
    }
  });

  it('that was deleted is told to its owner, and one that has not ended waits', async () => {
    const deleted = mintJobId();
    jobs.set(deleted, new JobError('gone', 'deleted', { details: { deleted, owner: 'anna' } }));
    expect(await find(deleted)).toBe('gone');
    expect(await find(someJob({ status: 'scoring' }))).toBe('conflict');
  });

  it('is found with those that it scored again itself', async () => {
    const first = someJob();
    const second = someJob({ rescoreOf: [first] });
    expect(await find(second)).toEqual([second, first]);
  });

  it('of a bucket that may not be read any more is refused', async () => {
    expect(await find(someJob({ source: { type: 's3', bucket: 'other', key: 'a.mp4' } }))).toBe('forbidden');
    const allowed = someJob({ source: { type: 's3', bucket: 'films', key: 'a.mp4' } });
    expect(await find(allowed)).toEqual([allowed]);
  });

  it.each([
    ['an upload', UPLOAD],
    ['an address whose credentials went', HIDDEN],
  ])('of %s is gone, unless it, or one before it, kept the video', async (_what, source) => {
    const first = someJob(source);
    const second = someJob({ ...source, rescoreOf: [first] });
    expect([await find(first), await find(second)]).toEqual(['gone', 'gone']);
    objects.set(sourceKey(first), 'film');
    expect([await find(first), await find(second)]).toEqual([[first], [second, first]]);
  });

  it('is found by the clips that it kept, for whoever wants the same ones', async () => {
    const options = JobOptionsSchema.parse({ keepCrops: true });
    const id = someJob({ ...UPLOAD, options });
    objects.set(clipKey(id, 1, 0, 0), 'pixels');
    const alone = { preview: false };
    expect(await find(id, alone)).toEqual([id]);
    expect(await find(id, { ...alone, priority: 9, keepCrops: false })).toEqual([id]);
    expect(await find(id, { ...alone, maxFrames: 320 })).toBe('gone');
  });

  it.each([
    ['a preview, as of an upload that asks for nothing', {}],
    ['re-encoded clips', { preview: false, stability: true }],
    ['the video to be kept', { preview: false, keepSource: true }],
  ])('is not found by its clips for whoever wants %s', async (_what, given) => {
    const id = someJob({ ...UPLOAD, options: JobOptionsSchema.parse({ keepCrops: true }) });
    objects.set(clipKey(id, 1, 0, 0), 'pixels');
    expect(await find(id, given)).toBe('gone');
  });

  it('that failed is not found by clips that it left', async () => {
    const id = someJob({ ...UPLOAD, status: 'failed', options: JobOptionsSchema.parse({ keepCrops: true }) });
    objects.set(clipKey(id, 1, 0, 0), 'pixels');
    expect(await find(id, { preview: false })).toBe('gone');
  });

  it('is found by the credentials that lie sealed with its batch', async () => {
    const batch = mintBatchId();
    const id = someJob({ ...HIDDEN, batch, item: 0 });
    expect(await find(id)).toBe('gone');
    const item = { index: 0, line: 1, id: 'a', source: HIDDEN.source, options: {}, labels: {}, metadata: {} };
    await writePart(ports.store, batch, 'items', 0, [{ ...item, secrets: { source: '1.k.box' } }]);
    expect(await find(id)).toEqual([id]);
  });
});

describe('what a job takes over of the one that it scores again', () => {
  it('is which clips are cut, and no second preview', () => {
    const options = JobOptionsSchema.parse({ maxFrames: 64, faces: 'primary', keepCrops: true, priority: 9 });
    expect(inheritedOptions(options)).toEqual({
      ...{ maxFrames: 64, sampling: 'head', faces: 'primary', detection: 'adaptive', preview: false },
    });
  });

  it('is what is known of the video, beneath what is said now, within the limit of a job', () => {
    expect(inheritedMetadata({ file: 'a.mp4', id: 1 }, { id: 2 })).toEqual({ file: 'a.mp4', id: 2 });
    const long = 'x'.repeat(10_000);
    expect(inheritedMetadata({ file: 'a.mp4', long }, { other: long })).toEqual({ file: 'a.mp4', other: long });
  });
});
