import { writeZip } from './zip-file.js';

/** Writes small PyTorch files, for tests: the pickle and zip that `torch.save` would write, by hand. */

/** A tensor to write: a view of the elements in `bytes`. */
export interface TorchTensor {
  readonly storage: string;
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset?: number;
  /** The device on which it was saved. */
  readonly device?: string;
}

/** A float32 tensor in row-major order. */
export function floats(shape: readonly number[], values: readonly number[]): TorchTensor {
  const data = Float32Array.from(values);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  return { storage: 'FloatStorage', bytes: new Uint8Array(data.buffer), count: data.length, shape, strides };
}

/** Values that can be pickled: JavaScript's own, and pickle opcodes as text. `call` names a function and applies it. */
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

function tensorReference(key: string, tensor: TorchTensor, more: readonly Picklable[] = []): Picklable {
  const storageType: Picklable = { raw: named('torch', tensor.storage) };
  const id = pickled(['storage', storageType, key, tensor.device ?? 'cpu', tensor.count, ...more]);
  const storage: Picklable = { raw: Buffer.concat([id, Buffer.from('Q')]) };
  const hooks = call('collections', 'OrderedDict', []);
  const { shape, strides, offset = 0 } = tensor;
  return call('torch._utils', '_rebuild_tensor_v2', [storage, offset, [...shape], [...strides], false, hooks]);
}

/** The pickle of a file in the zip format. */
export function torchPickle(
  tensors: Readonly<Record<string, TorchTensor>>,
  wrap: (dict: Map<string, Picklable>) => Picklable = (dict) => dict,
): Buffer {
  const entries = Object.entries(tensors);
  return pickle(wrap(new Map(entries.map(([name, tensor], key) => [name, tensorReference(String(key), tensor)]))));
}

/**
 * The bytes of a file in the zip format. `wrap` puts the dict of tensors inside something else; `more` are further
 * entries.
 */
export function torchZip(
  tensors: Readonly<Record<string, TorchTensor>>,
  wrap: (dict: Map<string, Picklable>) => Picklable = (dict) => dict,
  more: Readonly<Record<string, Uint8Array>> = {},
): Buffer {
  return writeZip({
    'archive/data.pkl': torchPickle(tensors, wrap),
    ...Object.fromEntries(Object.values(tensors).map(({ bytes }, key) => [`archive/data/${key}`, bytes])),
    ...more,
  });
}

/** The bytes of a file in the format before 1.6. `views` gives a storage's key and (first, count), as before 0.4. */
export function torchLegacy(
  tensors: Readonly<Record<string, TorchTensor>>,
  wrap: (dict: Map<string, Picklable>) => Picklable = (dict) => dict,
  views: Readonly<Record<string, readonly [first: number, count: number]>> = {},
): Buffer {
  const keys = Object.keys(tensors);
  const dict = new Map(
    Object.entries(tensors).map(([name, tensor]) => {
      const [first, count] = views[name] ?? [];
      const view: Picklable = first === undefined || count === undefined ? null : [`${name}-view`, first, count];
      return [name, tensorReference(name, tensor, [view])];
    }),
  );
  const storages = Object.values(tensors).map(({ bytes, count }) => {
    const head = Buffer.alloc(8);
    head.writeBigInt64LE(BigInt(count));
    return Buffer.concat([head, bytes]);
  });
  const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
  const facts = new Map<string, Picklable>([['little_endian', true]]);
  return Buffer.concat([magic, pickle(1001), pickle(facts), pickle(wrap(dict)), pickle(keys), ...storages]);
}
