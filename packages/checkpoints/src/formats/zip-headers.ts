import { checkpointError, type PositionalFile } from '@styleflow/files';

/** What the directory of a zip archive says of one entry. */
export interface ZipHeader {
  readonly name: string;
  /** Byte position of its local header in the archive. */
  readonly position: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly stored: number;
  /** The compression method; 0 is none. */
  readonly method: number;
  readonly flags: number;
}

// Signatures and fixed sizes of the zip format (APPNOTE 6.3: sections 4.3.7, 4.3.12, 4.3.14, 4.3.15, 4.3.16).
export const CENTRAL_BYTES = 46;
export const LOCAL_BYTES = 30;
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const LONGEST_COMMENT = 0xffff;
const IN_ZIP64_FIELD = 0xffffffff;
const ZIP64_EXTRA = 1;

/**
 * Finds where the directory of an archive lies and how many entries it has.
 * @throws JobError `invalid_request` when it cannot be found inside the file.
 */
export async function locateDirectory(
  file: PositionalFile,
): Promise<{ position: number; size: number; count: number }> {
  const tailBytes = Math.min(file.size, END_BYTES + LONGEST_COMMENT + END64_LOCATOR_BYTES);
  const tail = await file.readBuffer(file.size - tailBytes, tailBytes);
  let at = tailBytes - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0)
    throw checkpointError(
      `${file.name} is a zip archive that is cut short (its directory is missing): copy or download it again`,
    );
  const locator = at - END64_LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR_SIGNATURE) {
    return {
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      position: tail.readUInt32LE(at + 16),
    };
  }
  const end64 = await file.readBuffer(Number(tail.readBigUInt64LE(locator + 8)), END64_BYTES);
  if (end64.readUInt32LE(0) !== END64_SIGNATURE) throw checkpointError(`${file.name} has a damaged zip64 directory`);
  const wide = (field: number): number => Number(end64.readBigUInt64LE(field));
  return { count: wide(32), size: wide(40), position: wide(48) };
}

/** Parses one entry of the directory; undefined when the bytes are none. `tailBytes` follow its fixed part. */
export function parseCentralHeader(bytes: Buffer): { header: ZipHeader; tailBytes: number } | undefined {
  if (bytes.length < CENTRAL_BYTES || bytes.readUInt32LE(0) !== CENTRAL_SIGNATURE) return undefined;
  const [nameBytes, extraBytes] = [bytes.readUInt16LE(28), bytes.readUInt16LE(30)];
  const tailBytes = nameBytes + extraBytes + bytes.readUInt16LE(32);
  if (bytes.length < CENTRAL_BYTES + tailBytes) return undefined;
  const extra = bytes.subarray(CENTRAL_BYTES + nameBytes, CENTRAL_BYTES + nameBytes + extraBytes);
  const wide = zip64Values(extra);
  // The zip64 field holds only the numbers that did not fit, in this order: size, compressed size, position.
  const [size, stored, position] = [24, 20, 42].map((at) => {
    const value = bytes.readUInt32LE(at);
    return value === IN_ZIP64_FIELD ? wide.shift() : value;
  });
  if (size === undefined || stored === undefined || position === undefined) return undefined;
  const name = bytes.toString('utf8', CENTRAL_BYTES, CENTRAL_BYTES + nameBytes);
  const [flags, method] = [bytes.readUInt16LE(8), bytes.readUInt16LE(10)];
  return { header: { name, position, size, stored, method, flags }, tailBytes };
}

function zip64Values(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      return Array.from({ length: Math.floor(length / 8) }, (_, index) =>
        Number(extra.readBigUInt64LE(at + 4 + 8 * index)),
      );
    }
    at += 4 + length;
  }
  return [];
}
