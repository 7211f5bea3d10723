import { STORED_TYPES, type StoredType } from '../tensors/stored-tensor.js';
import { PickleDamaged } from './pickle-error.js';
import { Attributes, Opaque, TypeName, tensorOf, UNTYPED, UnreadableTensor } from './pickle-values.js';

/**
 * The names that a pickle may call, and what each does here. Nothing of a file is ever executed: every entry builds
 * plain data or a reference to a tensor, and any other name is refused. The list holds what PyTorch's own weights-only
 * loader allows, and the plain data that trainers keep beside the weights (numpy numbers, options, dates).
 */

/** What a called name does: it turns its arguments into plain data. */
export type PickleCall = (args: readonly unknown[]) => unknown;

/** Storage classes by name. Tensors of the types without a reader are refused when a network asks for them. */
const STORAGES: Readonly<Record<string, TypeName>> = {
  ...typeNames({
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
  }),
  ComplexFloatStorage: new TypeName('complex64', 8),
  ComplexDoubleStorage: new TypeName('complex128', 16),
  QInt8Storage: new TypeName('qint8', 1),
  QUInt8Storage: new TypeName('quint8', 1),
  QInt32Storage: new TypeName('qint32', 4),
  QUInt4x2Storage: new TypeName('quint4x2', 1),
  QUInt2x4Storage: new TypeName('quint2x4', 1),
  UntypedStorage: new TypeName(UNTYPED, 1),
};

const OTHER_TYPES: Readonly<Record<string, number>> = {
  complex32: 4,
  complex64: 8,
  complex128: 16,
  float8_e4m3fn: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
};

const first: PickleCall = ([value]) => {
  if (value === undefined) throw new PickleDamaged('has a call without arguments');
  return value;
};
const unreadable =
  (what: string): PickleCall =>
  () =>
    new UnreadableTensor(what);
const opaque = (name: string): [string, PickleCall] => [name, () => new Opaque(name)];

const GLOBALS: ReadonlyMap<string, PickleCall | TypeName> = new Map<string, PickleCall | TypeName>([
  ['torch._utils _rebuild_tensor', ([storage, offset, shape, strides]) => tensorOf(storage, offset, shape, strides)],
  ['torch._utils _rebuild_tensor_v2', ([storage, offset, shape, strides]) => tensorOf(storage, offset, shape, strides)],
  [
    'torch._utils _rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , type]) => tensorOf(storage, offset, shape, strides, type),
  ],
  ['torch._utils _rebuild_parameter', first],
  ['torch._utils _rebuild_parameter_with_state', first],
  ['torch._utils _rebuild_device_tensor_from_cpu_tensor', first],
  ['torch.nn.parameter Parameter', first],
  ['torch.nn.parameter Buffer', first],
  ['torch Tensor', first],
  ['torch._tensor _rebuild_from_type_v2', rebuildFromType],
  ['torch._utils _rebuild_sparse_tensor', unreadable('a sparse tensor')],
  ['torch._utils _rebuild_sparse_csr_tensor', unreadable('a sparse tensor')],
  ['torch._utils _rebuild_nested_tensor', unreadable('a nested tensor')],
  ['torch._utils _rebuild_qtensor', unreadable('a quantised tensor')],
  ['torch._utils _rebuild_meta_tensor_no_storage', unreadable('a meta tensor, which has no values')],
  // Until 2.1 PyTorch put the tensors of these devices into the pickle itself, as numpy arrays.
  ['torch._utils _rebuild_device_tensor_from_numpy', unreadable('a tensor saved from an mps or xla device as numpy')],
  ['torch._utils _rebuild_xla_tensor', unreadable('a tensor saved from an xla device as numpy')],
  ['torch Size', ([dims]) => dims ?? []],
  ['collections OrderedDict', ([pairs]) => new Map(isPairs(pairs) ? pairs : [])],
  ['collections defaultdict', () => new Map()],
  ['collections Counter', ([counts]) => (counts instanceof Map ? counts : new Map())],
  ['argparse Namespace', () => new Attributes()],
  ['types SimpleNamespace', () => new Attributes()],
  // Protocols 0 and 1 build an object of a class so: (class, object, None).
  ['copyreg _reconstructor', ([type]) => (isCall(type) ? type([]) : first([]))],
  ['builtins set', ([items]) => items ?? []],
  ['builtins frozenset', ([items]) => items ?? []],
  ...[
    ...['torch device', 'torch.serialization _get_layout', 'torch per_tensor_affine', 'torch per_channel_affine'],
    ...['torch sparse_coo', 'torch sparse_csr', 'torch strided', 'torch preserve_format', 'torch contiguous_format'],
    ...['builtins object', 'builtins complex', 'builtins bytearray', 'builtins slice', '_codecs encode'],
    ...['numpy dtype', 'numpy ndarray', 'numpy.core.multiarray scalar', 'numpy._core.multiarray scalar'],
    ...['numpy.core.multiarray _reconstruct', 'numpy._core.multiarray _reconstruct'],
    ...['datetime date', 'datetime datetime', 'datetime time', 'datetime timedelta', 'datetime timezone'],
    ...['pathlib PosixPath', 'pathlib WindowsPath', 'pathlib PurePosixPath', 'pathlib PureWindowsPath'],
    ...['pathlib._local PosixPath', 'pathlib._local WindowsPath', 'decimal Decimal', 'uuid UUID'],
  ].map(opaque),
  ...Object.entries(STORAGES).flatMap(([name, type]): [string, TypeName][] => [
    [`torch ${name}`, type],
    [`torch.storage ${name}`, type],
    [`torch.cuda ${name}`, type],
  ]),
  ...Object.entries(STORED_TYPES).map(([name]): [string, TypeName] => [`torch ${name}`, typeName(name as StoredType)]),
  ...Object.entries(OTHER_TYPES).map(([name, bytes]): [string, TypeName] => [
    `torch ${name}`,
    new TypeName(name, bytes),
  ]),
]);

/** Names that modules had in Python 2. */
const RENAMED: Readonly<Record<string, string>> = { __builtin__: 'builtins', copy_reg: 'copyreg' };

/**
 * Undefined when the name is not allowed. No name with a dot is, because Python would look it up inside something else.
 */
export function findGlobal(module: string, name: string): PickleCall | TypeName | undefined {
  if (/[. ]/.test(name) || module.includes(' ')) return undefined;
  return GLOBALS.get(`${Object.hasOwn(RENAMED, module) ? RENAMED[module] : module} ${name}`);
}

/**
 * A tensor with attributes of its own. The arguments are: how to rebuild it, its class, the arguments for that, the
 * attributes.
 */
function rebuildFromType([rebuild, , args]: readonly unknown[]): unknown {
  const isRebuild = [...GLOBALS].some(([name, call]) => call === rebuild && name.startsWith('torch._utils '));
  if (!isRebuild || !isCall(rebuild) || !Array.isArray(args)) {
    throw new PickleDamaged('has a tensor that cannot be rebuilt');
  }
  return rebuild(args);
}

/** Only entries of the list above are functions; no other value of a pickle is. */
function isCall(value: unknown): value is PickleCall {
  return typeof value === 'function';
}

function isPairs(value: unknown): value is [unknown, unknown][] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);
}

function typeName(type: StoredType): TypeName {
  return new TypeName(type, STORED_TYPES[type], type);
}

function typeNames(types: Readonly<Record<string, StoredType>>): Record<string, TypeName> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, typeName(type)]));
}
