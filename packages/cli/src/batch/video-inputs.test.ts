import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findVideos } from './video-inputs.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-inputs-'));
  await mkdir(join(folder, 'a/deep'), { recursive: true });
  await mkdir(join(folder, 'b'));
  for (const name of ['a/1.mp4', 'a/deep/2.MOV', 'a/notes.txt', 'b/1.mp4', 'b/x[1].mp4'])
    await writeFile(join(folder, name), name);
});
afterAll(() => rm(folder, { recursive: true }));

const names = async (...inputs: string[]): Promise<string[]> =>
  (await findVideos(inputs.map((input) => join(folder, input)))).videos.map(({ name }) => name);

describe('the videos of a batch', () => {
  it('are all that lie below a folder, called by their paths from there; other files are counted', async () => {
    expect(await names('a')).toEqual(['1.mp4', 'deep/2.MOV']);
    expect((await findVideos([join(folder, 'a')])).passedOver).toBe(1);
    expect(await names('.')).toEqual(['a/1.mp4', 'a/deep/2.MOV', 'b/1.mp4', 'b/x[1].mp4']);
  });

  it('are what fits a pattern, called by their paths from its fixed part, and files by their names', async () => {
    expect(await names('*/*.mp4')).toEqual(['a/1.mp4', 'b/1.mp4', 'b/x[1].mp4']);
    expect(await names('a/notes.txt', 'b/x[1].mp4')).toEqual(['notes.txt', 'x[1].mp4']);
    expect(await names('a', 'a/deep/2.MOV')).toHaveLength(2);
  });

  it.each([
    [['c'], 'there is no file or folder'],
    [['*.avi'], 'no file fits it as a pattern'],
    [['a/1.mp4', 'b/1.mp4'], 'would both be called 1.mp4; name the folder above them'],
  ])('%j are refused: %s', async (inputs, sentence) => {
    await expect(names(...inputs)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(sentence),
    });
  });
});
