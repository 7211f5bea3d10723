import { runTool } from '../launcher/run-tool.js';
import { decodeCage } from './cage.js';

/** By which ffmpeg may make H.264, the preferred one first: Debian's own ffmpeg has x264, that of our image OpenH264. */
const ENCODERS = ['libx264', 'libopenh264'] as const;
export type H264Encoder = (typeof ENCODERS)[number];

/** It only prints. */
const MOST_CPU_SECONDS = 10;
const LIST_BYTES = 200_000;

let known: Promise<H264Encoder | null> | null = null;

/** Which of them this machine's ffmpeg has; null for none. Asked once a thread, or until there is one. */
export async function h264Encoder(): Promise<H264Encoder | null> {
  known ??= listEncoders().then((list) => chooseEncoder(list));
  const encoder = await known;
  if (encoder === null) known = null;
  return encoder;
}

/** @param list what `ffmpeg -encoders` prints. */
export function chooseEncoder(list: string): H264Encoder | null {
  const names = new Set(list.split('\n').map((line) => /^\s*V\S*\s+(\S+)/.exec(line)?.[1]));
  return ENCODERS.find((encoder) => names.has(encoder)) ?? null;
}

async function listEncoders(): Promise<string> {
  const [program, leading] = decodeCage().inside('ffmpeg', MOST_CPU_SECONDS);
  const words = [program, ...leading, '-hide_banner', '-encoders'];
  const { stdout } = await runTool(words, { signal: undefined, mostBytes: LIST_BYTES });
  return Buffer.from(stdout).toString('utf8');
}
