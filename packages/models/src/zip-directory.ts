import { checkpointError } from './checkpoint-error.js';
import type { PositionalFile } from './positional-file.js';

/** One stored (uncompressed) file inside a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Byte position of its data in the archive. */
  readonly position: number;
  readonly size: number;
}

// Signatures and fixed sizes of the zip format (APPNOTE 6.3: sections 4.3.7, 4.3.12, 4.3.14, 4.3.15, 4.3.16).
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const IN_ZIP64_FIELD = 0xffffffff;
const ZIP64_EXTRA = 1;
/** A full StyleFlow checkpoint has a few hundred entries. */
const LARGEST_DIRECTORY_BYTES = 64 * 2 ** 20;

/**
 * Reads the directory of a zip archive (zip64 too). Compressed entries are refused by name: PyTorch never writes them,
 * and without them an archive cannot unpack to more than its own size.
 * @throws JobError `invalid_request` when the archive is cut short or damaged.
 */
export async function readZipDirectory(file: PositionalFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { position, size, count } = await locateDirectory(file);
  if (size > LARGEST_DIRECTORY_BYTES) throw checkpointError(`${file.name} has a zip directory of ${size} bytes`);
  const directory = Buffer.from((await file.read(position, size)).buffer);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > size || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
      throw checkpointError(`${file.name} has a damaged zip directory (entry ${index} of ${count})`);
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const end = at + CENTRAL_BYTES + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0);
    if (end > size) throw checkpointError(`${file.name} has a damaged zip directory (entry ${index} of ${count})`);
    const entry = await readEntry(file, directory.subarray(at, end), nameBytes ?? 0, extraBytes ?? 0);
    if (entries.has(entry.name)) throw checkpointError(`${file.name} has two entries named ${entry.name}`);
    entries.set(entry.name, entry);
    at = end;
  }
  return entries;
}

async function locateDirectory(file: PositionalFile): Promise<{ position: number; size: number; count: number }> {
  const tailBytes = Math.min(file.size, END_BYTES + LONGEST_COMMENT + END64_LOCATOR_BYTES);
  const tail = Buffer.from((await file.read(file.size - tailBytes, tailBytes)).buffer);
  let at = tailBytes - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0) throw checkpointError(`${file.name} is a zip archive that is cut short: its directory is missing`);
  const locator = at - END64_LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR_SIGNATURE) {
    return {
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      position: tail.readUInt32LE(at + 16),
    };
  }
  const end64 = Buffer.from((await file.read(Number(tail.readBigUInt64LE(locator + 8)), END64_BYTES)).buffer);
  if (end64.readUInt32LE(0) !== END64_SIGNATURE) throw checkpointError(`${file.name} has a damaged zip64 directory`);
  const [count, size, position] = [32, 40, 48].map((field) => Number(end64.readBigUInt64LE(field)));
  return { count: count ?? 0, size: size ?? 0, position: position ?? 0 };
}

async function readEntry(
  file: PositionalFile,
  central: Buffer,
  nameBytes: number,
  extraBytes: number,
): Promise<ZipEntry> {
  const name = central.toString('utf8', CENTRAL_BYTES, CENTRAL_BYTES + nameBytes);
  const extra = central.subarray(CENTRAL_BYTES + nameBytes, CENTRAL_BYTES + nameBytes + extraBytes);
  const wide = zip64Values(extra);
  const field = (at: number): number => {
    const value = central.readUInt32LE(at);
    if (value !== IN_ZIP64_FIELD) return value;
    const long = wide.shift();
    if (long === undefined) throw checkpointError(`${file.name}: zip entry ${name} lacks its 64-bit size`);
    return Number(long);
  };
  // The zip64 field holds only those that did not fit, in this order: size, compressed size, position.
  const size = field(24);
  const compressed = field(20);
  const header = field(42);
  if (central.readUInt16LE(10) !== 0 || compressed !== size) {
    throw checkpointError(`${file.name}: zip entry ${name} is compressed, which PyTorch never writes`);
  }
  const local = Buffer.from((await file.read(header, LOCAL_BYTES)).buffer);
  if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) throw checkpointError(`${file.name}: zip entry ${name} is damaged`);
  const position = header + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (position + size > file.size) throw checkpointError(`${file.name} is cut short inside zip entry ${name}`);
  return { name, position, size };
}

function zip64Values(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      return Array.from({ length: Math.floor(length / 8) }, (_, index) => extra.readBigUInt64LE(at + 4 + 8 * index));
    }
    at += 4 + length;
  }
  return [];
}
