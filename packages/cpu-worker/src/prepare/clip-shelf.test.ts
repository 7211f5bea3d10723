import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaceTrack } from '@styleflow/faces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClipShelf } from './clip-shelf.js';
import type { EncodedClip } from './encoded-clip.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-shelf-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clip = (track: number, index: number): EncodedClip => ({
  ...{ track, index },
  pixels: Uint8Array.of(track, index),
  strip: Uint8Array.of(index, track),
});

async function namesOf(clips: AsyncIterable<EncodedClip>): Promise<string[]> {
  const names: string[] = [];
  for await (const { track, index, pixels, strip } of clips) {
    expect([...pixels, ...strip]).toEqual([track, index, index, track]);
    names.push(`${track}.${index}`);
  }
  return names;
}

const ended = (track: number): FaceTrack => ({
  ...{ kind: 'track', track, frames: [0, 31], seconds: [0, 1], frameCount: 32, framesUnused: 0, clips: 1, boxes: [] },
  ...{ firstDetectionScore: 1, meanDetectionScore: 1, screenTimeSeconds: 1 },
});

describe('ClipShelf', () => {
  it('lets the leading face pass at once, and holds the others back', async () => {
    const shelf = new ClipShelf(folder);
    expect(await namesOf(shelf.offer(clip(0, 0)))).toEqual(['0.0']);
    expect(await namesOf(shelf.offer(clip(1, 0)))).toEqual([]);
    expect(await namesOf(shelf.offer(clip(0, 1)))).toEqual(['0.1']);
    expect(await namesOf(shelf.end(0))).toEqual([]);
  });

  it('gives out all clips of a face that takes the lead, in order', async () => {
    const shelf = new ClipShelf(folder);
    await namesOf(shelf.offer(clip(0, 0)));
    expect(await namesOf(shelf.offer(clip(1, 0)))).toEqual([]);
    expect(await namesOf(shelf.offer(clip(1, 1)))).toEqual(['1.0', '1.1']);
    expect(await namesOf(shelf.offer(clip(1, 2)))).toEqual(['1.2']);
  });

  it('forgets a face that ended behind the leader, and frees its disk space', async () => {
    const shelf = new ClipShelf(folder);
    for (const index of [0, 1]) await namesOf(shelf.offer(clip(0, index)));
    await namesOf(shelf.offer(clip(1, 0)));
    expect(await readdir(folder)).toHaveLength(2);
    await shelf.endTrack(ended(1));
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives out what is still held of the face that had most screen time in the end', async () => {
    const shelf = new ClipShelf(folder);
    await namesOf(shelf.offer(clip(0, 0)));
    await namesOf(shelf.offer(clip(1, 0)));
    // Both have one clip; the second face was longer by frames that fill no clip.
    await shelf.endTrack(ended(0));
    await shelf.endTrack(ended(1));
    expect(await namesOf(shelf.end(1))).toEqual(['1.0']);
  });

  it('lets clips through when it is full, rather than filling the disk', async () => {
    const shelf = new ClipShelf(folder, 2);
    for (const index of [0, 1, 2]) await namesOf(shelf.offer(clip(0, index)));
    for (const index of [0, 1]) expect(await namesOf(shelf.offer(clip(1, index)))).toEqual([]);
    expect(await namesOf(shelf.offer(clip(1, 2)))).toEqual(['1.0', '1.1', '1.2']);
    expect(await readdir(folder)).toEqual([]);
  });
});
