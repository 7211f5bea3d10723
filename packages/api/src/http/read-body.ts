import type { IncomingMessage } from 'node:http';
import { JobError, METADATA_MAX_BYTES, VIDEO_URL_MAX_LENGTH } from '@styleflow/contracts';
import type { RateFloor } from '@styleflow/runtime';
import { findRepeatedKey } from './find-repeated-key.js';
import { invalidRequest } from './parse-request.js';

/** `\u00e9` for a letter of two bytes: what a writer that escapes all but ASCII may make of each byte. */
const BYTES_PER_ESCAPED_BYTE = 3;
/** For the options, the names of fields and blanks. */
const ROOM_BYTES = 4096;

/** Largest JSON body of a submission: an address and metadata as long as they may be, in ASCII alone; 64 KB. */
export const MAX_JSON_BYTES = BYTES_PER_ESCAPED_BYTE * (METADATA_MAX_BYTES + VIDEO_URL_MAX_LENGTH) + ROOM_BYTES;
/** JSON that nests deeper than any legal body is refused before recursive readers see it. */
const MAX_DEPTH = 64;

/** How the sender of a body has to keep going. */
export interface Pace {
  /** The longest silence. */
  readonly idleMs: number;
  /** The least that must come on the whole; absent: nothing is asked of short bodies. */
  readonly floor?: RateFloor | undefined;
  /** Hears when a chunk is waited for, and when it has come. */
  readonly watch?: { waits(): void; came(bytes: number, waitedMs: number): void } | undefined;
}

/**
 * The body's chunks. Time counts only while the sender is silent: a slow store behind the reader does not end an upload.
 * The request itself is left alone on failure, so that an answer can still be sent.
 * @throws JobError `invalid_request` after `idleMs` without a byte, below the floor, or when the sender broke off.
 */
export async function* readChunks(
  request: IncomingMessage,
  { idleMs, floor, watch }: Pace,
): AsyncGenerator<Buffer, void> {
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const since = performance.now();
      watch?.waits();
      const next = await withinIdleTime(chunks.next(), idleMs);
      if (next.done) return;
      const waitedMs = performance.now() - since;
      watch?.came(next.value.length, waitedMs);
      if (floor?.add(next.value.length, waitedMs) === false) {
        throw invalidRequest('The body arrives too slowly to be waited for (STYLEFLOW_MIN_UPLOAD_RATE).');
      }
      yield next.value;
    }
  } finally {
    // Releases the request, so that the rest can be dropped. It is not awaited, because a silent sender would delay it.
    void chunks.return?.().catch(() => undefined);
  }
}

async function withinIdleTime<T>(next: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(invalidRequest(`The body stopped arriving: nothing came for ${idleMs / 1000} s.`)),
      idleMs,
    );
  });
  try {
    return await Promise.race([next, silence]);
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw new JobError('invalid_request', 'The connection broke off before the body had ended.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Reads and parses a JSON body of at most `maxBytes`. Schema and content type are checked by the caller. */
export async function readJsonBody(
  request: IncomingMessage,
  idleMs: number,
  maxBytes = MAX_JSON_BYTES,
): Promise<unknown> {
  const tooLarge = () => new JobError('payload_too_large', `A JSON body has at most ${maxBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(request, { idleMs })) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks), 'body');
}

/** @throws JobError `invalid_request` for bytes that are no UTF-8, no JSON, or JSON that nests too deep or repeats a key. */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new JobError('invalid_request', `The ${where} is not valid JSON in UTF-8.`, { cause });
  }
  refuseDeepNesting(value, where);
  const repeated = findRepeatedKey(text);
  if (repeated !== null) {
    const path = repeated.slice(0, 200);
    throw invalidRequest(`The ${where} has the key ${JSON.stringify(path)} twice in one object.`, [
      { path, message: 'occurs twice' },
    ]);
  }
  return value;
}

function refuseDeepNesting(value: unknown, where: string): void {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let nested = open.pop(); nested !== undefined; nested = open.pop()) {
    if (typeof nested.value !== 'object' || nested.value === null) continue;
    if (nested.depth >= MAX_DEPTH) throw invalidRequest(`The ${where} is nested more than ${MAX_DEPTH} levels deep.`);
    for (const child of Object.values(nested.value)) open.push({ value: child, depth: nested.depth + 1 });
  }
}
