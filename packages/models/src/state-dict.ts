import { checkpointError } from './checkpoint-error.js';
import { StorageReference, TensorReference, TypeName } from './pickle-globals.js';
import { PickleTruncated } from './pickle-literals.js';
import type { PositionalFile } from './positional-file.js';
import { STORED_TYPES, type StoredTensor, spanOf } from './stored-tensor.js';
import { PickleRefused } from './unpickle.js';

/** Keys under which trainers put the weights beside other things, most usual first. */
const WRAPPINGS = ['state_dict', 'model', 'model_state_dict', 'net', 'module'];

/** The dict of tensors of a checkpoint, found inside what wraps it. */
export interface StateDict {
  /** The keys that led to it, outermost first. */
  readonly wrapping: readonly string[];
  /** What lies beside it in the wrapping (`epoch`, `latent_avg`, `opts`): not used. */
  readonly beside: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorReference>;
}

/** Finds the dict of tensors: at the top, or under one of the usual keys. */
export function findStateDict(file: PositionalFile, root: unknown): StateDict {
  const wrapping: string[] = [];
  const beside: string[] = [];
  let current = root;
  for (;;) {
    if (!(current instanceof Map)) throw checkpointError(`${file.name} holds no dict of tensors`);
    const level: ReadonlyMap<unknown, unknown> = current;
    const inner = WRAPPINGS.find((key) => level.get(key) instanceof Map);
    if (inner === undefined) break;
    for (const key of level.keys()) if (key !== inner) beside.push(String(key));
    wrapping.push(inner);
    current = level.get(inner);
  }
  const tensors = new Map<string, TensorReference>();
  for (const [name, value] of current) {
    if (typeof name === 'string' && value instanceof TensorReference) tensors.set(name, value);
    else beside.push(String(name));
  }
  if (tensors.size === 0) throw checkpointError(`${file.name} holds no tensors`);
  return { wrapping, beside, tensors };
}

/** The persistent id of a storage: ('storage', type, key, device, count, …). On which device it was does not matter. */
export function storageReference(id: unknown): StorageReference {
  const [kind, type, key, , count] = Array.isArray(id) ? id : [];
  if (kind !== 'storage' || !(type instanceof TypeName) || typeof count !== 'number' || !Number.isSafeInteger(count)) {
    throw new PickleRefused('a reference that is no storage');
  }
  return new StorageReference(String(key), type.type, count);
}

/** Where the tensor lies, once it is known where its storage does; a view beyond its storage is an error. */
export function placeTensor(
  file: PositionalFile,
  name: string,
  tensor: TensorReference,
  storage: { readonly position: number; readonly bytes: number },
): StoredTensor {
  const { type, shape, strides, offset } = tensor;
  const size = STORED_TYPES[type];
  if ((offset + spanOf(tensor)) * size > storage.bytes) {
    throw checkpointError(`${file.name}: tensor ${name} reaches beyond its storage of ${storage.bytes} bytes`);
  }
  return { type, shape, strides, position: storage.position + offset * size };
}

/** What a pickle was refused for, with the file's name; other errors as they are. */
export function explainPickle(file: PositionalFile, error: unknown): unknown {
  if (error instanceof PickleRefused) {
    return checkpointError(
      `${file.name} is refused: its pickle contains ${error.message}, which is not plain data; nothing of it was run`,
      error,
    );
  }
  if (error instanceof PickleTruncated) return checkpointError(`${file.name} is cut short: ${error.message}`, error);
  if (error instanceof TypeError) return checkpointError(`${file.name} is damaged: ${error.message}`, error);
  return error;
}
