import { spawn } from 'node:child_process';
import { decodeCage } from './cage.js';

/** It only prints. */
const MOST_CPU_SECONDS = 10;

let known: Promise<string> | null = null;

/** The version of ffmpeg in its own words, such as `5.1.6-0+deb12u1`; `unknown` where it does not say. Asked once a thread. */
export function ffmpegVersion(): Promise<string> {
  known ??= ask().then((text) => /^ffmpeg version (\S{1,100})/.exec(text)?.[1] ?? 'unknown');
  return known;
}

function ask(): Promise<string> {
  const [program, leading] = decodeCage().inside('ffmpeg', MOST_CPU_SECONDS);
  return new Promise((resolve) => {
    const child = spawn(program, [...leading, '-version'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(0, 1_000);
    });
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(text));
  });
}
