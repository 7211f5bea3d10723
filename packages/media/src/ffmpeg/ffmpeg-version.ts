import { runTool } from '../launcher/run-tool.js';
import { decodeCage } from './cage.js';

/** It only prints. */
const MOST_CPU_SECONDS = 10;
const MOST_BYTES = 100_000;

let known: Promise<string> | null = null;

/** The version of ffmpeg in its own words, such as `5.1.6-0+deb12u1`; `unknown` where it does not say. Asked once a thread. */
export function ffmpegVersion(): Promise<string> {
  known ??= ask().then((text) => /^ffmpeg version (\S{1,100})/.exec(text)?.[1] ?? 'unknown');
  return known;
}

async function ask(): Promise<string> {
  const [program, leading] = decodeCage().inside('ffmpeg', MOST_CPU_SECONDS);
  const { stdout } = await runTool([program, ...leading, '-version'], { signal: undefined, mostBytes: MOST_BYTES });
  return Buffer.from(stdout).toString('utf8');
}
