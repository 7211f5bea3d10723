/** How a zip archive for tests departs from a plain one. */
export interface ZipLies {
  /** Compression method that every entry states (8: deflated). */
  readonly method?: number;
  readonly flags?: number;
  /** Writes sizes and positions into the zip64 fields, as archives beyond 4 GiB do. */
  readonly zip64?: boolean;
  /** The size that an entry states, by its name. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The position of the local header that an entry states, by its name. */
  readonly positions?: Readonly<Record<string, number>>;
}

/** A zip archive of uncompressed entries, for tests. */
export function writeZip(files: Readonly<Record<string, Uint8Array>>, lies: ZipLies = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const [name, bytes] of Object.entries(files)) {
    directory.push(centralEntry(name, lies.sizes?.[name] ?? bytes.length, lies.positions?.[name] ?? position, lies));
    const local = localHeader(name);
    bodies.push(local, Buffer.from(bytes));
    position += local.length + bytes.length;
  }
  return Buffer.concat([...bodies, closeZip(directory, position, lies)]);
}

/** The local header, which stands before the data of an entry. */
export function localHeader(name: string): Buffer {
  const fixed = Buffer.alloc(30);
  fixed.writeUInt32LE(0x04034b50, 0);
  fixed.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([fixed, Buffer.from(name)]);
}

/** One entry of a zip directory. */
export function centralEntry(name: string, size: number, position: number, lies: ZipLies = {}): Buffer {
  const extra = Buffer.alloc(lies.zip64 ? 28 : 0);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(lies.flags ?? 0, 8);
  central.writeUInt16LE(lies.method ?? 0, 10);
  for (const [index, [field, value]] of [
    [24, size],
    [20, size],
    [42, position],
  ].entries()) {
    central.writeUInt32LE(lies.zip64 ? 0xffffffff : (value ?? 0), field ?? 0);
    if (lies.zip64) extra.writeBigUInt64LE(BigInt(value ?? 0), 4 + 8 * index);
  }
  if (lies.zip64) extra.writeUInt16LE(1, 0);
  if (lies.zip64) extra.writeUInt16LE(24, 2);
  central.writeUInt16LE(Buffer.byteLength(name), 28);
  central.writeUInt16LE(extra.length, 30);
  return Buffer.concat([central, Buffer.from(name), extra]);
}

/** The directory and the records after it. The directory begins at `position`. */
export function closeZip(directory: readonly Buffer[], position: number, lies: ZipLies = {}): Buffer {
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(lies.zip64 ? 0xffff : directory.length, 10);
  end.writeUInt32LE(lies.zip64 ? 0xffffffff : listing.length, 12);
  end.writeUInt32LE(lies.zip64 ? 0xffffffff : position, 16);
  if (!lies.zip64) return Buffer.concat([listing, end]);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(directory.length), 32);
  end64.writeBigUInt64LE(BigInt(listing.length), 40);
  end64.writeBigUInt64LE(BigInt(position), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(position + listing.length), 8);
  return Buffer.concat([listing, end64, locator, end]);
}
