/**
 * The bytes of a safetensors file for tests: the header as given, then `data`. `stated` is a false length of the
 * header.
 */
export function safetensors(header: unknown, data: Uint8Array, stated?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(stated ?? BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** A header's entry for one float32 tensor. */
export function headerEntry(from: number, to: number, shape: readonly number[], dtype = 'F32') {
  return { dtype, shape, data_offsets: [from, to] };
}
