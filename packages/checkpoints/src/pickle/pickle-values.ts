import type { StoredType } from '../tensors/stored-tensor.js';
import { PickleDamaged, PickleRefused } from './pickle-error.js';

/** More axes than the tensors of any library have. */
const MOST_AXES = 64;

/** An element type by name: `torch.float32`, `torch.FloatStorage`. */
export class TypeName {
  readonly name: string;
  /** Bytes of one element; 1 for an untyped storage. */
  readonly bytes: number;
  /** Undefined for untyped storages, and for types whose values are not read (complex, quantised). */
  readonly type: StoredType | undefined;

  constructor(name: string, bytes: number, type?: StoredType) {
    this.name = name;
    this.bytes = bytes;
    this.type = type;
  }
}

/** The name of untyped storages: the type is then stated by each tensor. */
export const UNTYPED = 'bytes';

/** A run of elements in a checkpoint file, by the key under which its bytes are stored. */
export class StorageReference {
  readonly key: string;
  readonly element: TypeName;
  /** Number of elements of the whole run. */
  readonly count: number;
  /** The part of the run that is meant: the whole, except in views of storages as PyTorch before 0.4 wrote them. */
  readonly view: { readonly first: number; readonly count: number };

  constructor(key: string, element: TypeName, count: number, view = { first: 0, count }) {
    if (view.first + view.count > count) throw new PickleDamaged(`has a view beyond its storage ${key}`);
    this.key = key;
    this.element = element;
    this.count = count;
    this.view = view;
  }
}

/** A strided view of a storage. */
export class TensorReference {
  readonly storage: StorageReference;
  readonly type: StoredType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: StorageReference,
    type: StoredType,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.type = type;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A tensor whose values cannot be read (sparse, quantised, complex). It is refused only when a network asks for it. */
export class UnreadableTensor {
  /** What it is, with an article: "a sparse tensor". */
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** Plain data of another library (a numpy number, a date, a path). Its name is known, its contents are dropped. */
export class Opaque {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** An object of attributes alone (`argparse.Namespace`). */
export class Attributes extends Map<unknown, unknown> {}

/** The tensor that `_rebuild_tensor` and its newer forms describe. `stated` is the type stated by the tensor itself. */
export function tensorOf(
  storage: unknown,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  stated?: unknown,
): TensorReference | UnreadableTensor {
  if (!(storage instanceof StorageReference)) throw new PickleDamaged('has a tensor without a storage');
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
    throw new PickleDamaged('has a tensor with a senseless shape');
  }
  const element = storage.element.name === UNTYPED && stated instanceof TypeName ? stated : storage.element;
  if (element.name === UNTYPED) throw new PickleDamaged('has a tensor without an element type');
  if (element.type === undefined) return new UnreadableTensor(`a tensor of ${element.name}`);
  return new TensorReference(storage, element.type, offset, shape, strides);
}

/**
 * The storage that a persistent id stands for: ('storage', type, key, device, count, view?). Its device is ignored.
 * `view` is (key, first, count); PyTorch before 0.4 wrote it.
 */
export function storageOf(id: unknown): StorageReference {
  const [kind, element, key, , count, view] = Array.isArray(id) ? id : [];
  if (kind !== 'storage' || !(element instanceof TypeName) || typeof key !== 'string' || !isCount(count)) {
    throw new PickleRefused('a reference that is no storage');
  }
  if (view === undefined || view === null) return new StorageReference(key, element, count);
  const [, first, length] = Array.isArray(view) ? view : [];
  if (!isCount(first) || !isCount(length)) throw new PickleDamaged(`has a senseless view of storage ${key}`);
  return new StorageReference(key, element, count, { first, count: length });
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= MOST_AXES && value.every(isCount);
}
