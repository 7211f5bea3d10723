/** Writes small PyTorch files, for tests: the pickle and zip that `torch.save` would write, by hand. */

/** A tensor to be written: a view of the elements in `bytes`. */
export interface TorchTensor {
  readonly storage: string;
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset?: number;
  /** Where it was when it was saved. */
  readonly device?: string;
}

/** A float32 tensor in row-major order. */
export function floats(shape: readonly number[], values: readonly number[]): TorchTensor {
  const data = Float32Array.from(values);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  return { storage: 'FloatStorage', bytes: new Uint8Array(data.buffer), count: data.length, shape, strides };
}

/** Pickle opcodes as text, values as JavaScript's own; `call` names a function and applies it. */
export type Picklable =
  | string
  | number
  | boolean
  | null
  | Picklable[]
  | Map<string, Picklable>
  | { readonly raw: Buffer };

export function call(module: string, name: string, args: readonly Picklable[]): Picklable {
  return { raw: Buffer.concat([named(module, name), pickled([...args]), Buffer.from('R')]) };
}

function named(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`);
}

function pickled(value: Picklable): Buffer {
  if (value === null) return Buffer.from('N');
  if (typeof value === 'boolean') return Buffer.from([value ? 0x88 : 0x89]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(Number.isInteger(value) ? 5 : 9);
    bytes[0] = (Number.isInteger(value) ? 'J' : 'G').charCodeAt(0);
    if (Number.isInteger(value)) bytes.writeInt32LE(value, 1);
    else bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    const head = Buffer.alloc(5);
    head[0] = 'X'.charCodeAt(0);
    head.writeUInt32LE(text.length, 1);
    return Buffer.concat([head, text]);
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('('), ...value.map(pickled), Buffer.from('t')]);
  if (value instanceof Map) {
    const items = [...value].flatMap(([key, item]) => [pickled(key), pickled(item)]);
    return Buffer.concat([Buffer.from('}('), ...items, Buffer.from('u')]);
  }
  return value.raw;
}

export function pickle(value: Picklable): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), pickled(value), Buffer.from('.')]);
}

function tensorReference(key: string, tensor: TorchTensor): Picklable {
  const storageType: Picklable = { raw: named('torch', tensor.storage) };
  const id = pickled(['storage', storageType, key, tensor.device ?? 'cpu', tensor.count]);
  const storage: Picklable = { raw: Buffer.concat([id, Buffer.from('Q')]) };
  const hooks = call('collections', 'OrderedDict', []);
  const { shape, strides, offset = 0 } = tensor;
  return call('torch._utils', '_rebuild_tensor_v2', [storage, offset, [...shape], [...strides], false, hooks]);
}

/** The bytes of a file in the zip format; `wrap` puts the dict of tensors inside something else. */
export function torchZip(
  tensors: Readonly<Record<string, TorchTensor>>,
  wrap: (dict: Map<string, Picklable>) => Picklable = (dict) => dict,
): Buffer {
  const names = Object.keys(tensors);
  const dict = new Map(
    Object.entries(tensors).map(([name, tensor]) => [name, tensorReference(String(names.indexOf(name)), tensor)]),
  );
  return storedZip({
    'archive/data.pkl': pickle(wrap(dict)),
    ...Object.fromEntries(Object.values(tensors).map(({ bytes }, key) => [`archive/data/${key}`, bytes])),
  });
}

/** A zip archive of uncompressed entries; `method` lies about one that is not. */
export function storedZip(files: Readonly<Record<string, Uint8Array>>, method = 0): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(bytes.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(position, 42);
    bodies.push(local, Buffer.from(name), Buffer.from(bytes));
    directory.push(central, Buffer.from(name));
    position += 30 + name.length + bytes.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...bodies, listing, end]);
}
