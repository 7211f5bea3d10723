import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { JobError, type SubmitPart, SubmitPartSchema } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import busboy, { type Busboy } from 'busboy';
import { invalidRequest, parseRequest } from '../http/parse-request.js';
import { MAX_JSON_BYTES, type Pace, parseJson, readChunks } from '../http/read-body.js';
import { emptyVideo } from './place-video.js';

/** Bytes that a form may have beside the video: part headers, boundaries and the part `job`. */
const FORM_OVERHEAD_BYTES = MAX_JSON_BYTES + 65_536;

/** Longest file name, as file systems have it. */
const FILE_NAME_MAX = 255;

export interface ReceivedVideo {
  readonly sha256: string;
  readonly bytes: number;
  /** The file's name in the client's form, without folders; absent when the form had none. */
  readonly fileName?: string;
  /** The part `job`, or the defaults without it. */
  readonly part: SubmitPart;
}

interface Target {
  readonly store: ObjectStore;
  readonly key: string;
  readonly maxBytes: number;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/**
 * Receives a multipart submission. The file part `video` goes straight into the store. The part `job` (before or after
 * it, as a field or as a file) is checked as soon as it is complete. Memory holds a few chunks, whatever the length. A
 * form that is broken, refused or broken off leaves nothing in the store.
 * @throws JobError `payload_too_large`, `invalid_request`, `storage_unavailable`
 */
export async function receiveVideo(request: IncomingMessage, target: Target): Promise<ReceivedVideo> {
  if (Number(request.headers['content-length'] ?? 0) > target.maxBytes + FORM_OVERHEAD_BYTES) {
    throw new JobError('payload_too_large', `A video has at most ${target.maxBytes} bytes.`);
  }
  const parser = openParser(request);
  const refused = new AbortController();
  let failure: unknown;
  const refuse = (error: unknown): void => {
    // An error without a code comes from the form's own stream, because the store gives its errors codes.
    failure ??= error instanceof JobError ? error : brokenForm(error);
    refused.abort();
  };
  const signal = AbortSignal.any([refused.signal, target.signal]);
  let stored: Promise<{ bytes: number; sha256: string } | undefined> | undefined;
  let part: Promise<SubmitPart | undefined> | undefined;

  let fileName: string | undefined;

  parser.on('file', (name, stream, info) => {
    // A broken form ends its part with an error, possibly before the store reads the part. The parser reports it as
    // well.
    stream.on('error', () => undefined);
    if (name === 'video' && stored === undefined) {
      // The types promise a name, but a part may come without one.
      fileName = (info.filename as string | undefined)?.slice(0, FILE_NAME_MAX);
      const options = { contentType: 'application/octet-stream', maxBytes: target.maxBytes, signal };
      stored = target.store.putStream(target.key, stream, options).catch(refuse as (error: unknown) => undefined);
    } else if (name === 'job' && part === undefined) {
      part = readPart(stream).catch(refuse as (error: unknown) => undefined);
    } else {
      stream.resume();
      refuse(strangePart(name));
    }
  });
  parser.on('field', (name, value, { valueTruncated }) => {
    if (name === 'video') return refuse(namelessVideo());
    if (name !== 'job' || part !== undefined) return refuse(strangePart(name));
    if (valueTruncated) return refuse(partTooLarge());
    part = parsePart(Buffer.from(value)).catch(refuse as (error: unknown) => undefined);
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(event, () => refuse(invalidRequest('The form has too many parts: one `video`, one `job`.')));
  }

  try {
    await pipeline(Readable.from(readChunks(request, target.pace)), parser, { signal });
  } catch (error) {
    const { reason } = target.signal;
    refuse(reason instanceof JobError ? reason : error);
  }
  const [video, job] = await Promise.all([stored, part]);
  if (video?.bytes === 0) failure ??= emptyVideo('video');
  if (failure === undefined && video !== undefined) {
    return { ...video, ...(fileName && { fileName }), part: job ?? SubmitPartSchema.parse({}) };
  }
  if (video !== undefined) await target.store.delete([target.key]);
  throw failure ?? invalidRequest('The form has no file part `video`.', [{ path: 'video', message: 'missing' }]);
}

function openParser(request: IncomingMessage): Busboy {
  try {
    return busboy({
      headers: request.headers,
      // Browsers and curl send names in UTF-8.
      defParamCharset: 'utf8',
      limits: { files: 2, fields: 2, parts: 3, fieldSize: MAX_JSON_BYTES, fieldNameSize: 100, headerPairs: 20 },
    });
  } catch (cause) {
    throw new JobError('invalid_request', 'The multipart header names no boundary.', { cause });
  }
}

async function readPart(stream: AsyncIterable<Buffer>): Promise<SubmitPart> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) throw partTooLarge();
    chunks.push(chunk);
  }
  return parsePart(Buffer.concat(chunks));
}

async function parsePart(bytes: Uint8Array): Promise<SubmitPart> {
  return parseRequest(SubmitPartSchema, parseJson(bytes, 'part `job`'), 'part `job`');
}

const brokenForm = (cause: unknown): JobError =>
  new JobError('invalid_request', 'The multipart form is broken.', { cause });

const partTooLarge = (): JobError =>
  new JobError('payload_too_large', `The part \`job\` has at most ${MAX_JSON_BYTES} bytes.`);

/** Without a file name a part is text to a form, whatever it holds. */
const namelessVideo = (): JobError =>
  invalidRequest('The part `video` has no file name: send it as a file, as curl -F video=@FILE does.', [
    { path: 'video', message: 'no file name' },
  ]);

const strangePart = (name: string): JobError =>
  invalidRequest('The form has one file part `video` and at most one part `job`.', [
    { path: name, message: name === 'video' || name === 'job' ? 'occurs twice' : 'unknown part' },
  ]);
