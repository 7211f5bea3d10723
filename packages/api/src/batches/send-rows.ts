import { once } from 'node:events';
import type { Response } from 'express';

/** Lines that are written together. */
const CHUNK_BYTES = 65_536;

/** Writes, and waits for a slow reader, so that nothing piles up in memory. False when the reader has gone. */
export async function writeText(response: Response, text: string, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || response.destroyed) return false;
  if (text === '' || response.write(text)) return true;
  await once(response, 'drain', { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return !signal.aborted;
}

/** Writes lines as they come. False when the reader has gone. */
export async function writeLines(
  response: Response,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  let held = '';
  for await (const line of lines) {
    held += line;
    if (held.length < CHUNK_BYTES) continue;
    if (!(await writeText(response, held, signal))) return false;
    held = '';
  }
  return writeText(response, held, signal);
}
