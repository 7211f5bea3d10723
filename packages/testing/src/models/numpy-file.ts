import { readFileSync } from 'node:fs';

/** Reads a NumPy file of bytes or float32 values, for tests. */
export function readNpy(path: string): {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array;
} {
  const file = readFileSync(path);
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, start);
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const data = Uint8Array.from(file.subarray(start));
  const type = /'descr': '([^']*)'/.exec(header)?.[1];
  if (type === '|u1') return { shape, values: data };
  if (type === '<f4') return { shape, values: new Float32Array(data.buffer) };
  throw new TypeError(`${path} holds ${type}`);
}
