import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeVideo, type VideoRecipe } from './make-video.js';

async function probe(recipe: VideoRecipe): Promise<string> {
  const path = await makeVideo(recipe);
  const entries = 'stream=codec_name,width,height,avg_frame_rate,nb_read_frames:stream_side_data=rotation';
  const args = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'compact=nk=1:p=0', path];
  return execFileSync('ffprobe', args, { encoding: 'utf8' }).trim();
}

describe('makeVideo', () => {
  it('makes exactly the frames asked for, at the rate asked for', async () => {
    expect(await probe({ frames: 40 })).toBe('h264|400|300|25/1|40');
    expect(await probe({ people: ['franck'], frames: 15, fps: 10 })).toContain('|10/1|15');
  });

  it('puts people side by side and scales the whole picture', async () => {
    expect(await probe({ people: ['cap12_edit', 'cap13_edit2'], frames: 4 })).toBe('h264|800|300|25/1|4');
    expect(await probe({ frames: 4, size: { width: 1280, height: 720 } })).toBe('h264|1280|720|25/1|4');
  });

  it('puts people in rows and columns of the size that is wanted', async () => {
    const people = Array<'franck'>(10).fill('franck');
    expect(await probe({ people, inGrid: true, size: { width: 322, height: 180 }, frames: 4 })).toBe(
      'h264|322|180|25/1|4',
    );
  });

  it('plays a recording again when it is too short', async () => {
    expect(await probe({ people: ['cap13_edit2'], startSeconds: 30, frames: 60 })).toContain('|60');
  });

  it('makes faceless pictures, sound, rotation and other containers', async () => {
    expect(await probe({ people: [], frames: 5 })).toBe('h264|400|300|25/1|5');
    expect(await probe({ frames: 25, audio: true })).toMatch(/^h264\|400\|300\|25\/1\|25\naac\|/);
    expect(await probe({ frames: 5, rotation: 90 })).toBe('h264|400|300|25/1|5|-90');
    expect(await probe({ frames: 5, rotation: 270, container: 'mov' })).toBe('h264|400|300|25/1|5|90');
    expect(await probe({ frames: 5, container: 'webm' })).toContain('vp8|400|300|25/1|5');
  });

  it('turns pictures clockwise', async () => {
    const [turned, upright] = await Promise.all([makeVideo({ frames: 5, rotation: 90 }), makeVideo({ frames: 5 })]);
    const decode = (path: string, filter: string): Buffer =>
      execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', filter, '-frames:v', '1', '-f', 'rawvideo', '-']);
    expect(decode(turned, 'null').equals(decode(upright, 'transpose=clock'))).toBe(true);
  });

  it('makes a video once, even when asked twice at the same time', async () => {
    const recipe = { frames: 7, fps: 7 };
    const [one, two] = await Promise.all([makeVideo(recipe), makeVideo(recipe)]);
    expect(one).toBe(two);
    const made = statSync(one).mtimeMs;
    expect(statSync(await makeVideo(recipe)).mtimeMs).toBe(made);
  });
});
