import { resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { decodeCage } from '../ffmpeg/cage.js';
import { abortError } from '../ffmpeg/ffmpeg-process.js';
import { runTool } from '../launcher/run-tool.js';

/** It writes into a file alone. */
const OUTPUT_BYTES = 1_000;
const MAX_CPU_SECONDS = 600;

/**
 * Copies a WebM that was written to a pipe, with its length and an index of its key frames. Only this run may write a file: what it
 * reads was made by our encoder.
 * @throws JobError `media_corrupt` when ffmpeg cannot do it; the signal's reason.
 */
export async function indexPreview(
  fromFile: string,
  toFile: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<void> {
  const [program, leading] = decodeCage().inside('ffmpeg', MAX_CPU_SECONDS, maxBytes);
  const words = [
    program,
    ...leading,
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', 'matroska,webm', '-f', 'matroska'],
    ...['-i', `file:${resolve(fromFile)}`, '-map', '0:v', '-c', 'copy', '-fflags', '+bitexact', '-f', 'webm'],
    `file:${resolve(toFile)}`,
  ];
  if (signal.aborted) throw abortError(signal);
  const { exitCode, stderr } = await runTool(words, { signal, mostBytes: OUTPUT_BYTES });
  if (signal.aborted) throw abortError(signal);
  if (exitCode !== 0) throw new JobError('media_corrupt', 'A preview could not be given its index.', { cause: stderr });
}
