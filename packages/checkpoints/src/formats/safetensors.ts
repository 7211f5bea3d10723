import { checkpointError, elementCount, type PositionalFile, printShape } from '@styleflow/files';
import { z } from 'zod';
import { rowMajorStrides, STORED_TYPES, type StoredTensor, type StoredType } from '../tensors/stored-tensor.js';
import { findJsonKeys } from './json-keys.js';
import type { PlacedTensors } from './place-tensors.js';

const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

/**
 * Largest header that is read. A full StyleFlow checkpoint has 70 kB of it; the format's own limit of 100 MB protects
 * from nothing.
 */
const LARGEST_HEADER_BYTES = 8 * 2 ** 20;
/** More axes than the tensors of any library have. */
const MOST_AXES = 64;
const LENGTH_BYTES = 8;
/** Levels of nesting in a header: name → entry → shape or offsets. */
const DEEPEST_NESTING = 3;

const Count = z.number().int().nonnegative();
const EntrySchema = z.object({
  dtype: z.string(),
  shape: z.array(Count).max(MOST_AXES),
  data_offsets: z.tuple([Count, Count]),
});
type Entry = z.infer<typeof EntrySchema>;

/**
 * Reads a safetensors file: a header length of 8 bytes, a JSON header, then the data without gaps.
 * @throws JobError `invalid_request` when the header contradicts the file.
 */
export async function readSafetensors(file: PositionalFile): Promise<PlacedTensors> {
  const headerBytes = await headerLength(file);
  const start = LENGTH_BYTES + headerBytes;
  const entries = parseHeader(file, (await file.readBuffer(LENGTH_BYTES, headerBytes)).toString('utf8'));
  const tensors = new Map<string, StoredTensor>();
  const unreadable = new Map<string, string>();
  for (const [name, entry] of entries) {
    const { dtype, shape, data_offsets } = entry;
    const type = TYPES.get(dtype);
    const [from, to] = data_offsets;
    if (type && to - from !== elementCount(shape) * STORED_TYPES[type]) {
      throw checkpointError(
        `${file.name}: tensor ${name} ${dtype} ${printShape(shape)} cannot lie in ${to - from} bytes`,
      );
    }
    if (start + to > file.size)
      throw checkpointError(`${file.name} is cut short inside tensor ${name}: copy or download it again`);
    if (!type) unreadable.set(name, `a tensor of ${dtype}`);
    else tensors.set(name, { type, shape, strides: rowMajorStrides(shape), position: start + from, bigEndian: false });
  }
  refuseGaps(file, entries, file.size - start);
  if (entries.length === 0) throw checkpointError(`${file.name} holds no tensors`);
  return { tensors, unreadable };
}

/** Refuses data that belongs to no tensor or to two: the format promises exactly one. */
function refuseGaps(file: PositionalFile, entries: readonly (readonly [string, Entry])[], dataBytes: number): void {
  const ranges = entries.map(
    ([
      name,
      {
        data_offsets: [from, to],
      },
    ]) => ({ name, from, to }),
  );
  let end = 0;
  for (const { name, from, to } of ranges.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end || to < from) {
      const what = from < end ? 'overlaps another' : 'leaves a gap before it';
      throw checkpointError(`${file.name}: the data of tensor ${name} (bytes ${from} to ${to}) ${what}`);
    }
    end = to;
  }
  if (end !== dataBytes) {
    throw checkpointError(`${file.name} has ${dataBytes - end} bytes behind the data of its last tensor`);
  }
}

/** Whether a file begins like a safetensors file: with a length whose bytes are no text, and a brace. */
export function looksLikeSafetensors(head: Buffer): boolean {
  return head[LENGTH_BYTES] === 0x7b && head.subarray(0, LENGTH_BYTES).some((byte) => byte < 0x09 || byte >= 0x80);
}

async function headerLength(file: PositionalFile): Promise<number> {
  const length = Number((await file.readBuffer(0, LENGTH_BYTES)).readBigUInt64LE());
  if (LENGTH_BYTES + length > file.size) {
    throw checkpointError(`${file.name} announces a header of ${length} bytes and has ${file.size} in all`);
  }
  if (length > LARGEST_HEADER_BYTES) {
    throw checkpointError(`${file.name} has a header of ${length} bytes; names and shapes need far less`);
  }
  return length;
}

function parseHeader(file: PositionalFile, text: string): [string, Entry][] {
  const names = new Set<string>();
  const keys = findJsonKeys(text, DEEPEST_NESTING);
  if (!keys)
    throw checkpointError(`${file.name} has a safetensors header that is not JSON of tensors: it nests too deep`);
  for (const name of keys) {
    if (names.has(name)) throw checkpointError(`${file.name} has two tensors named ${name}`);
    names.add(name);
  }
  const header = parseJson(file, text);
  if (typeof header !== 'object' || header === null)
    throw checkpointError(`${file.name} has a header that is no object`);
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => {
      const parsed = EntrySchema.safeParse(entry);
      if (parsed.success) return [name, parsed.data];
      throw checkpointError(
        `${file.name}: the header says of tensor ${name} ${JSON.stringify(entry).slice(0, 200)}, ` +
          'expected dtype, shape and data_offsets',
        parsed.error,
      );
    });
}

function parseJson(file: PositionalFile, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw checkpointError(`${file.name} has a safetensors header that is not JSON`, error);
  }
}
