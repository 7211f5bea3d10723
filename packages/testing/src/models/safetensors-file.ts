/** The bytes of a safetensors file for tests: the header as given, then the data. */
export function safetensors(header: unknown, data: Uint8Array, stated?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(stated ?? BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** What a header says of one float32 tensor. */
export function headerEntry(from: number, to: number, shape: readonly number[], dtype = 'F32') {
  return { dtype, shape, data_offsets: [from, to] };
}
