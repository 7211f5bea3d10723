import { checkpointError, type PositionalFile } from '@styleflow/files';
import { CENTRAL_BYTES, LOCAL_BYTES, locateDirectory, parseCentralHeader, type ZipHeader } from './zip-headers.js';

/** One file inside a zip archive. */
export interface ZipEntry extends ZipHeader {
  /** Where the next entry or the directory begins. The entry's data must end before. */
  readonly limit: number;
}

/** Largest directory that is read. A full StyleFlow checkpoint has a few hundred entries of 100 bytes each. */
const LARGEST_DIRECTORY_BYTES = 16 * 2 ** 20;
const MOST_ENTRIES = 2 ** 17;

const LOCAL_SIGNATURE = 0x04034b50;
const ENCRYPTED_FLAG = 1;

/**
 * Reads the directory of a zip archive (zip64 too), without reading entries.
 * @throws JobError `invalid_request` when the directory is cut short, damaged or too large, or when entries overlap.
 */
export async function readZipDirectory(file: PositionalFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { position, size, count } = await locateDirectory(file);
  if (size > LARGEST_DIRECTORY_BYTES || count > MOST_ENTRIES) {
    throw checkpointError(`${file.name} has a zip directory of ${count} entries in ${size} bytes, which is too large`);
  }
  const directory = await file.readBuffer(position, size);
  const headers: ZipHeader[] = [];
  for (let index = 0, at = 0; index < count; index++) {
    const parsed = parseCentralHeader(directory.subarray(at));
    if (!parsed) throw checkpointError(`${file.name} has a damaged zip directory (entry ${index} of ${count})`);
    headers.push(parsed.header);
    at += CENTRAL_BYTES + parsed.tailBytes;
  }
  return separate(file, headers, position);
}

/** Entries by name. Refuses two entries of one name, and two that share bytes of the file. */
function separate(file: PositionalFile, headers: readonly ZipHeader[], end: number): ReadonlyMap<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  const byPosition = headers.toSorted((a, b) => a.position - b.position);
  for (const [index, header] of byPosition.entries()) {
    const { name, position, stored } = header;
    const next = byPosition[index + 1];
    const limit = next?.position ?? end;
    if (position + LOCAL_BYTES + Buffer.byteLength(name) + stored > limit) {
      const what = next ? `overlaps ${next.name}` : 'reaches beyond the archive';
      throw checkpointError(`${file.name}: zip entry ${name} of ${stored} bytes ${what}`);
    }
    if (entries.has(name)) throw checkpointError(`${file.name} has two zip entries named ${name}`);
    entries.set(name, { ...header, limit });
  }
  return entries;
}

/**
 * Finds where the data of an entry lies. Compressed entries are refused by name: PyTorch never writes them, and without
 * them an archive cannot unpack to more than its own size.
 * @throws JobError `invalid_request`
 */
export async function locateEntry(file: PositionalFile, entry: ZipEntry): Promise<{ position: number; bytes: number }> {
  const { name, size, limit } = entry;
  if (entry.method !== 0 || entry.stored !== size) {
    throw checkpointError(`${file.name}: zip entry ${name} is compressed, which PyTorch never writes`);
  }
  if ((entry.flags & ENCRYPTED_FLAG) !== 0) throw checkpointError(`${file.name}: zip entry ${name} is encrypted`);
  const local = await file.readBuffer(entry.position, LOCAL_BYTES);
  if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) throw checkpointError(`${file.name}: zip entry ${name} is damaged`);
  const position = entry.position + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (position + size > limit)
    throw checkpointError(`${file.name}: zip entry ${name} reaches beyond its ${size} bytes`);
  return { position, bytes: size };
}
