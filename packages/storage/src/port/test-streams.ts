import { createHash } from 'node:crypto';
import type { ObjectFacts } from './object-store.js';

/** `count` chunks of 64 KiB; each begins with its number. */
export async function* chunks(count: number): AsyncGenerator<Uint8Array, void> {
  const chunk = Buffer.alloc(65_536, 7);
  for (let index = 0; index < count; index += 1) {
    chunk.writeUInt32BE(index);
    yield Buffer.from(chunk);
  }
}

/** The keys that were listed, in their order. */
export async function collect(facts: AsyncIterable<ObjectFacts>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of facts) keys.push(key);
  return keys;
}

/** What came of a stream. */
export async function digest(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}
