import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_BYTES, encodeClip, writeClip } from '@styleflow/clips';
import { mintJobId } from '@styleflow/contracts';
import { openObjectStore } from '@styleflow/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTrialClips } from './find-trial-clips.js';
import { jobClips } from './job-clips.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trial-clips-'));
});
afterEach(() => rm(folder, { recursive: true }));

const pixels = (colour: number) => new Uint8Array(CLIP_BYTES).fill(colour);
const openStore = () =>
  openObjectStore({
    STYLEFLOW_STORE: { kind: 'file', folder: join(folder, 'store') },
    STYLEFLOW_S3_ENDPOINT: undefined,
    STYLEFLOW_S3_PUBLIC_ENDPOINT: undefined,
    STYLEFLOW_S3_FORCE_PATH_STYLE: undefined,
    STYLEFLOW_S3_SOURCE_BUCKETS: [],
    AWS_REGION: undefined,
  });

describe('the clips of a folder', () => {
  it('are its .clip files and those of the folders in it, in the order of names, read when they are wanted', async () => {
    await mkdir(join(folder, 'b'));
    await writeFile(join(folder, 'b', '2.clip'), await encodeClip(pixels(2)));
    await writeFile(join(folder, 'a.clip'), await encodeClip(pixels(1)));
    await writeFile(join(folder, 'a.json'), '{}');
    await writeFile(join(folder, 'torn.clip'), 'SFC2');
    const { clips, close } = await findTrialClips([folder]);
    expect(clips.map(({ name }) => name)).toEqual(['a.clip', join('b', '2.clip'), 'torn.clip']);
    expect((await clips[1]?.read())?.[0]).toBe(2);
    await expect(clips[2]?.read()).rejects.toMatchObject({ code: 'invalid_request' });
    await close();
  });

  it('that has none, or is none, is refused with what to do', async () => {
    await expect(findTrialClips([folder])).rejects.toThrow('holds no .clip files');
    await expect(findTrialClips([join(folder, 'x')])).rejects.toThrow('cannot be read, and is no job');
  });
});

describe('the clips of jobs', () => {
  it('are those that they kept, of the last run, by face and clip', async () => {
    const store = await openStore();
    const job = mintJobId();
    for (const [run, track, clip] of [
      [1, 0, 0],
      [2, 1, 0],
      [2, 0, 10],
      [2, 0, 9],
    ] as const) {
      await writeClip(
        store,
        { job, run, track, clip },
        { pixels: await encodeClip(pixels(clip)), strip: new Uint8Array(1) },
      );
    }
    const clips = await jobClips(store, [job]);
    expect(clips.map(({ name }) => name.slice(0, 17))).toEqual([
      'clip 9 of face 0 ',
      'clip 10 of face 0',
      'clip 0 of face 1 ',
    ]);
    expect((await clips[1]?.read())?.[0]).toBe(10);
    await store.close();
  });

  it('of a job that kept none are refused with what to do', async () => {
    const store = await openStore();
    await expect(jobClips(store, [mintJobId()])).rejects.toThrow('submit its video with --keep-crops');
    await store.close();
  });
});
