/** Changes to MP4 files, box by box: every box begins with its length and its kind. */

const CONTAINERS = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl', 'edts'];

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

export const box = (kind: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(kind, 'latin1'), body]);
};

/** Where the first box of a kind begins. @throws Error when the file has none. */
export function findBox(file: Buffer, kind: string, from = 0, to = file.length): number {
  for (let at = from; at + 8 <= to; ) {
    const length = file.readUInt32BE(at) || to - at;
    const name = file.toString('latin1', at + 4, at + 8);
    if (name === kind) return at;
    if (CONTAINERS.includes(name)) {
      const inside = findBoxOrNone(file, kind, at + 8, at + length);
      if (inside !== -1) return inside;
    }
    at += Math.max(8, length);
  }
  throw new Error(`there is no box ${kind}`);
}

function findBoxOrNone(file: Buffer, kind: string, from: number, to: number): number {
  try {
    return findBox(file, kind, from, to);
  } catch {
    return -1;
  }
}

/** A copy in which a number of a box is another one. @param offset from the box's beginning, its head included */
export function withNumber(file: Buffer, kind: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32BE(value >>> 0, findBox(file, kind) + offset);
  return copy;
}

/** A copy in which the bytes of a box from an offset on are others. */
export function withBytes(file: Buffer, kind: string, offset: number, bytes: Uint8Array): Buffer {
  const copy = Buffer.from(file);
  copy.set(bytes, findBox(file, kind) + offset);
  return copy;
}

/** A copy in which a box of this kind has another one. */
export function renamed(file: Buffer, kind: string, other: string): Buffer {
  return withBytes(file, kind, 4, Buffer.from(other, 'latin1'));
}
