import { promisify } from 'node:util';
import { constants, deflate, inflate } from 'node:zlib';
import { JobError } from '@styleflow/contracts';
import { CLIP_BYTES, CROP_BYTES } from './clip-shape.js';

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);

/** First bytes of a stored clip: name and version of the format. */
const MAGIC = new Uint8Array([0x53, 0x46, 0x43, 0x31]); // SFC1

/**
 * zlib gives its output in pieces of this size. With Node's default of 16 KiB joining the pieces takes as long as
 * inflating.
 */
const CHUNK_BYTES = 2 ** 21;

/**
 * Encodes a clip `[32, 256, 256, 3]` as one object without loss, in about a fifth of the size. Each value is predicted
 * from the same place one frame earlier and from the pixel to its left, red and blue also from green. The differences
 * are mostly near zero. zlib compresses them with run lengths and Huffman codes alone, which here takes less time and
 * space than its search for repeats (decisions/0003-clip-codec.md).
 */
export async function encodeClip(crops: Uint8Array): Promise<Uint8Array> {
  if (crops.length !== CLIP_BYTES) throw new RangeError(`a clip has ${CLIP_BYTES} bytes, not ${crops.length}`);
  const packed = await deflateAsync(predict(crops), {
    level: 1,
    strategy: constants.Z_RLE,
    memLevel: 9,
    chunkSize: CHUNK_BYTES,
  });
  const object = new Uint8Array(MAGIC.length + packed.length);
  object.set(MAGIC);
  object.set(packed, MAGIC.length);
  return object;
}

/**
 * Decodes a stored clip.
 * @returns RGB `[32, 256, 256, 3]`, in memory of its own.
 * @throws JobError `internal` when the object is no clip or damaged (zlib's check sum covers it).
 */
export async function decodeClip(object: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (!MAGIC.every((byte, i) => object[i] === byte)) throw new JobError('internal', 'The stored object is not a clip.');
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
  return restore(residuals);
}

/**
 * Turns values into differences, modulo 256. To the left of a row's first pixel lies the last pixel of the row before,
 * so the first needs no special case.
 */
function predict(crops: Uint8Array): Uint8Array {
  const out = new Uint8Array(CLIP_BYTES);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0; i < CLIP_BYTES; i += 3) {
    const before = i - CROP_BYTES;
    const r = (crops[i] as number) - (before < 0 ? 0 : (crops[before] as number));
    const g = (crops[i + 1] as number) - (before < 0 ? 0 : (crops[before + 1] as number));
    const b = (crops[i + 2] as number) - (before < 0 ? 0 : (crops[before + 2] as number));
    const dg = g - green;
    out[i] = r - red - dg;
    out[i + 1] = dg;
    out[i + 2] = b - blue - dg;
    red = r;
    green = g;
    blue = b;
  }
  return out;
}

function restore(residuals: Uint8Array): Uint8Array<ArrayBuffer> {
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
  for (let i = CROP_BYTES; i < CLIP_BYTES; i++) out[i] = (out[i] as number) + (out[i - CROP_BYTES] as number);
  return out;
}
