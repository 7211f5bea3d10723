import { STORED_TYPES, type StoredType } from './stored-tensor.js';

/**
 * The names that a pickle may call, each with what stands for it here. Nothing of a file is ever executed: every entry
 * builds plain data or a reference to a tensor, and any other name is refused.
 */

/** A run of elements in a checkpoint file, by the key under which its bytes are stored. */
export class StorageReference {
  readonly key: string;
  /** Undefined for untyped storages: the tensor says its type. */
  readonly type: StoredType | undefined;
  /** Elements, or bytes when untyped. */
  readonly count: number;

  constructor(key: string, type: StoredType | undefined, count: number) {
    this.key = key;
    this.type = type;
    this.count = count;
  }
}

/** A strided view of a storage. */
export class TensorReference {
  readonly storage: StorageReference;
  readonly type: StoredType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: unknown, offset: unknown, shape: unknown, strides: unknown, type?: unknown) {
    const stated = type instanceof TypeName ? type.type : undefined;
    if (!(storage instanceof StorageReference)) throw new TypeError('a tensor without a storage');
    const elementType = storage.type ?? stated;
    if (!elementType) throw new TypeError('a tensor without an element type');
    if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
      throw new TypeError('a tensor with a senseless shape');
    }
    this.storage = storage;
    this.type = elementType;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** `torch.float32` or `torch.FloatStorage`. */
export class TypeName {
  readonly type: StoredType | undefined;

  constructor(type: StoredType | undefined) {
    this.type = type;
  }
}

/** Stands for a called name: gets the arguments, gives plain data. */
export type PickleCall = (args: readonly unknown[]) => unknown;

const STORAGES: Readonly<Record<string, StoredType>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

const emptyMap: PickleCall = () => new Map();
/** Kept as what it was made from; no network reads it. */
const asList: PickleCall = (args) => [...args];

const GLOBALS = new Map<string, PickleCall | TypeName>([
  [
    'torch._utils._rebuild_tensor',
    ([storage, offset, shape, strides]) => new TensorReference(storage, offset, shape, strides),
  ],
  [
    'torch._utils._rebuild_tensor_v2',
    ([storage, offset, shape, strides]) => new TensorReference(storage, offset, shape, strides),
  ],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , type]) => new TensorReference(storage, offset, shape, strides, type),
  ],
  ['torch._utils._rebuild_parameter', ([tensor]) => tensor],
  ['torch._utils._rebuild_parameter_with_state', ([tensor]) => tensor],
  ['torch.Size', ([dims]) => dims ?? []],
  ['torch.device', asList],
  ['torch.storage.UntypedStorage', new TypeName(undefined)],
  ['torch.UntypedStorage', new TypeName(undefined)],
  ['collections.OrderedDict', ([pairs]) => new Map(isPairs(pairs) ? pairs : [])],
  ['collections.defaultdict', emptyMap],
  ['collections.Counter', ([counts]) => (counts instanceof Map ? counts : new Map())],
  ['argparse.Namespace', emptyMap],
  ['builtins.set', ([items]) => (Array.isArray(items) ? [...items] : [])],
  ['numpy.core.multiarray.scalar', asList],
  ['numpy._core.multiarray.scalar', asList],
  ['numpy.dtype', asList],
  ['_codecs.encode', asList],
  ...Object.entries(STORAGES).map(([name, type]): [string, TypeName] => [`torch.${name}`, new TypeName(type)]),
  ...typeNames(),
]);

/** Undefined when the name is not allowed. Python 2 wrote `builtins` as `__builtin__`. */
export function findGlobal(module: string, name: string): PickleCall | TypeName | undefined {
  return GLOBALS.get(`${module === '__builtin__' ? 'builtins' : module}.${name}`);
}

function typeNames(): [string, TypeName][] {
  const types = Object.keys(STORED_TYPES) as StoredType[];
  return types.map((type) => [`torch.${type}`, new TypeName(type)]);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isPairs(value: unknown): value is [unknown, unknown][] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);
}
