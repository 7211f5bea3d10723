import { makeVideo, type VideoRecipe } from '@styleflow/testing';
import { measuredPrepare } from './prepare.js';

const SECOND = 25;

/** Videos that differ in size, length and faces, to compare rate and memory. */
const VIDEOS: Readonly<Record<string, VideoRecipe>> = {
  '640×360, 10 s': { frames: 10 * SECOND, size: { width: 640, height: 360 } },
  '1280×720, 10 s': { frames: 10 * SECOND, size: { width: 1280, height: 720 } },
  '3840×2160, 10 s': { frames: 10 * SECOND, size: { width: 3840, height: 2160 } },
  'eight faces, 10 s': { frames: 10 * SECOND, people: Array(4).fill(['cap12_edit', 'cap13_edit2']).flat() },
  '1920×1080, 10 min': { frames: 600 * SECOND, size: { width: 1920, height: 1080 } },
};

/** Runs the prepare stage on made videos, one after the other, each of them whole. */
export async function benchPrepareSizes(say: (line: string) => void): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const [name, recipe] of Object.entries(VIDEOS)) {
    const { row, sentence } = await measuredPrepare(await makeVideo(recipe), { maxFrames: 0, sampling: 'head' });
    rows[name] = row;
    say(`${name}: ${sentence}`);
  }
  return rows;
}
