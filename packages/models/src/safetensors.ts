import { z } from 'zod';
import { checkpointError, printShape } from './checkpoint-error.js';
import type { PositionalFile } from './positional-file.js';
import { rowMajorStrides, STORED_TYPES, type StoredTensor, type StoredType } from './stored-tensor.js';
import { elementCount } from './weight.js';

const TYPES: Readonly<Record<string, StoredType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};
/** The format's own limit. */
const LARGEST_HEADER_BYTES = 100_000_000;

const Count = z.number().int().nonnegative();
const HeaderSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(Count), data_offsets: z.tuple([Count, Count]) }),
);

/** A safetensors file: an 8-byte header length, a JSON header, then the data without gaps. A header that lies is refused. */
export async function readSafetensors(file: PositionalFile): Promise<ReadonlyMap<string, StoredTensor>> {
  const headerBytes = await headerLength(file);
  const text = new TextDecoder().decode(await file.read(8, headerBytes));
  const tensors = new Map<string, StoredTensor>();
  const ranges: { name: string; from: number; to: number }[] = [];
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(parseHeader(file, text))) {
    const type = TYPES[dtype];
    if (!type) throw checkpointError(`${file.name}: tensor ${name} has the type ${dtype}, which is not supported`);
    const [from, to] = data_offsets;
    if (to - from !== elementCount(shape) * STORED_TYPES[type]) {
      throw checkpointError(
        `${file.name}: tensor ${name} ${dtype} ${printShape(shape)} cannot lie in ${to - from} bytes`,
      );
    }
    if (8 + headerBytes + to > file.size) throw checkpointError(`${file.name} is cut short inside tensor ${name}`);
    ranges.push({ name, from, to });
    tensors.set(name, { type, shape, strides: rowMajorStrides(shape), position: 8 + headerBytes + from });
  }
  let end = 0;
  for (const { name, from, to } of ranges.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end)
      throw checkpointError(`${file.name}: the data of tensor ${name} overlaps another or leaves a gap`);
    end = to;
  }
  if (tensors.size === 0) throw checkpointError(`${file.name} holds no tensors`);
  return tensors;
}

/** Whether the file begins like a safetensors file: a plausible length and a brace. */
export async function looksLikeSafetensors(file: PositionalFile): Promise<boolean> {
  return file.size > 9 && (await file.read(8, 1))[0] === 0x7b;
}

async function headerLength(file: PositionalFile): Promise<number> {
  const length = Number(Buffer.from(await file.read(0, 8)).readBigUInt64LE());
  if (length > LARGEST_HEADER_BYTES || 8 + length > file.size) {
    throw checkpointError(`${file.name} announces a header of ${length} bytes and has ${file.size} in all`);
  }
  return length;
}

function parseHeader(file: PositionalFile, text: string): z.infer<typeof HeaderSchema> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) Reflect.deleteProperty(header, '__metadata__');
    return HeaderSchema.parse(header);
  } catch (error) {
    throw checkpointError(`${file.name} has a safetensors header that cannot be read`, error);
  }
}
