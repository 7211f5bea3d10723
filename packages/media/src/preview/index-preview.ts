import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { decodeCage } from '../ffmpeg/cage.js';
import { endTool } from '../ffmpeg/end-tool.js';
import { abortError } from '../ffmpeg/ffmpeg-process.js';

const LOG_BYTES = 4_000;
const MAX_CPU_SECONDS = 600;

/**
 * Copies a WebM that was written to a pipe, with its length and an index of its key frames. Only this run may write a file: what it
 * reads was made by our encoder.
 * @throws JobError `media_corrupt` when ffmpeg cannot do it; the signal's reason.
 */
export function indexPreview(
  fromFile: string,
  toFile: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<void> {
  const [program, leading] = decodeCage().inside('ffmpeg', MAX_CPU_SECONDS, maxBytes);
  const args = [
    ...leading,
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', 'matroska,webm', '-f', 'matroska'],
    ...['-i', `file:${resolve(fromFile)}`, '-map', '0:v', '-c', 'copy', '-fflags', '+bitexact', '-f', 'webm'],
    `file:${resolve(toFile)}`,
  ];
  return new Promise((done, failed) => {
    if (signal.aborted) return failed(abortError(signal));
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = (): void => endTool(child);
    signal.addEventListener('abort', stop, { once: true });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_BYTES);
    });
    child.on('error', failed);
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) failed(abortError(signal));
      else if (exitCode === 0) done();
      else failed(new JobError('media_corrupt', 'A preview could not be given its index.', { cause: log }));
    });
  });
}
