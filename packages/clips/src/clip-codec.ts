import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { JobError } from '@styleflow/contracts';
import { decodeFirstClipFormat, isFirstClipFormat, packFirstClipFormat } from './clip-codec-1.js';
import { predictClip, restoreClip } from './clip-prediction.js';
import { CLIP_BYTES } from './clip-shape.js';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** First bytes of a stored clip: name and version of the format (docs/clip-format.md). */
const MAGIC = new Uint8Array([0x53, 0x46, 0x43, 0x32]); // SFC2
/** Of the SHA-256 of what follows: Brotli has no check sum. */
const DIGEST_BYTES = 16;
const HEAD_BYTES = MAGIC.length + DIGEST_BYTES;

/** Output comes in pieces of this size. With Node's default of 16 KiB joining the pieces takes as long as the rest. */
const CHUNK_BYTES = 2 ** 21;
/** A clip in one piece: it need not be joined. What is full is followed by another one, so it has one byte more. */
const WHOLE_BYTES = CLIP_BYTES + 1;
/** The quickest level: what is left after the prediction has no repeats worth a search (decisions/0003-clip-codec.md). */
const QUALITY = 0;
const WINDOW_BITS = 16;

/** Differences of clips, for the next ones: fresh memory of that size costs as much as all else. As many as are encoded at once. */
const spare: Uint8Array<ArrayBuffer>[] = [];
const MOST_SPARE = 2;
/** Where the clip that was decoded last was unpacked: the next one's pixels. Dropped, it would lie about until someone cleans up. */
let unpackedInto: ArrayBuffer | null = null;

/**
 * Encodes a clip `[32, 256, 256, 3]` as one object without loss, in about a quarter of the size.
 * @throws RangeError for another size.
 */
export async function encodeClip(crops: Uint8Array): Promise<Uint8Array> {
  if (crops.length !== CLIP_BYTES) throw new RangeError(`a clip has ${CLIP_BYTES} bytes, not ${crops.length}`);
  const residuals = spare.pop() ?? new Uint8Array(CLIP_BYTES);
  predictClip(crops, residuals);
  const packed = await compress(residuals, {
    chunkSize: CHUNK_BYTES,
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: CLIP_BYTES,
    },
  });
  if (spare.length < MOST_SPARE) spare.push(residuals);
  const object = new Uint8Array(HEAD_BYTES + packed.length);
  object.set(MAGIC);
  object.set(digestOf(packed), MAGIC.length);
  object.set(packed, HEAD_BYTES);
  return object;
}

/**
 * Decodes a stored clip, of this format or the one before.
 * @returns RGB `[32, 256, 256, 3]`, in memory of its own.
 * @throws JobError `internal` when the object is no clip or damaged.
 */
export async function decodeClip(object: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (isFirstClipFormat(object)) return decodeFirstClipFormat(object);
  const planes = await unpackPlanes(object);
  const out = unpackedInto === null ? new Uint8Array(CLIP_BYTES) : new Uint8Array(unpackedInto, 0, CLIP_BYTES);
  unpackedInto = null;
  restoreClip(planes, out);
  const { buffer, byteOffset } = planes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0) unpackedInto = buffer;
  return out;
}

/**
 * A stored clip in the first format, which every language reads with zlib alone; as it is where it has that already. The numbers are
 * the same, in another order.
 * @throws JobError `internal` when the object is no clip or damaged.
 */
export async function asFirstClipFormat(object: Uint8Array): Promise<Uint8Array> {
  if (!isFirstClipFormat(object)) return packFirstClipFormat(await unpackPlanes(object));
  await decodeFirstClipFormat(object);
  return object;
}

/** The differences of a clip of the second format, plane by plane. */
async function unpackPlanes(object: Uint8Array): Promise<Buffer> {
  if (!MAGIC.every((byte, i) => object[i] === byte)) throw new JobError('internal', 'The stored object is not a clip.');
  const packed = object.subarray(HEAD_BYTES);
  if (!digestOf(packed).equals(object.subarray(MAGIC.length, HEAD_BYTES)))
    throw new JobError('internal', 'The stored clip is damaged.');
  let residuals: Buffer;
  try {
    residuals = await decompress(packed, { maxOutputLength: CLIP_BYTES, chunkSize: WHOLE_BYTES });
  } catch (error) {
    throw new JobError('internal', 'The stored clip is damaged.', { cause: error });
  }
  if (residuals.length !== CLIP_BYTES) throw new JobError('internal', 'The stored clip is cut off.');
  return residuals;
}

function digestOf(packed: Uint8Array): Buffer {
  return createHash('sha256').update(packed).digest().subarray(0, DIGEST_BYTES);
}
