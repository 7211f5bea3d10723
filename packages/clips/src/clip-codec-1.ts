import { promisify } from 'node:util';
import { constants, deflate, inflate } from 'node:zlib';
import { JobError } from '@styleflow/contracts';
import { addUpInTime } from './clip-prediction.js';
import { CLIP_BYTES } from './clip-shape.js';

const inflateAsync = promisify(inflate);
const deflateAsync = promisify(deflate);

/** First bytes of a clip as version 0.1.0 stored it. */
const MAGIC = new Uint8Array([0x53, 0x46, 0x43, 0x31]); // SFC1

const CHUNK_BYTES = 2 ** 21;

export function isFirstClipFormat(object: Uint8Array): boolean {
  return MAGIC.every((byte, i) => object[i] === byte);
}

/**
 * A clip of the first format.
 * @param planes its differences, all of red, then green, then blue.
 */
export async function packFirstClipFormat(planes: Uint8Array): Promise<Uint8Array> {
  const pixels = CLIP_BYTES / 3;
  const values = new Uint8Array(CLIP_BYTES);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    values[at] = planes[pixel] as number;
    values[at + 1] = planes[pixels + pixel] as number;
    values[at + 2] = planes[2 * pixels + pixel] as number;
  }
  // What is left after the prediction has no repeats worth a search; runs are found.
  const packed = await deflateAsync(values, { level: 1, strategy: constants.Z_RLE, chunkSize: CHUNK_BYTES });
  return Buffer.concat([MAGIC, packed]);
}

/**
 * Decodes a clip of the first format, in which the colours lie pixel by pixel and zlib packs them (docs/clip-format.md).
 * @returns RGB `[32, 256, 256, 3]`, in memory of its own.
 * @throws JobError `internal` when it is damaged (zlib's check sum covers it).
 */
export async function decodeFirstClipFormat(object: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  let residuals: Buffer;
  try {
    residuals = await inflateAsync(object.subarray(MAGIC.length), {
      maxOutputLength: CLIP_BYTES,
      chunkSize: CHUNK_BYTES,
    });
  } catch (error) {
    throw new JobError('internal', 'The stored clip is damaged.', { cause: error });
  }
  if (residuals.length !== CLIP_BYTES) throw new JobError('internal', 'The stored clip is cut off.');
  const out = new Uint8Array(CLIP_BYTES);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0; i < CLIP_BYTES; i += 3) {
    const dg = residuals[i + 1] as number;
    red = (red + (residuals[i] as number) + dg) & 255;
    green = (green + dg) & 255;
    blue = (blue + (residuals[i + 2] as number) + dg) & 255;
    out[i] = red;
    out[i + 1] = green;
    out[i + 2] = blue;
  }
  addUpInTime(out);
  return out;
}
