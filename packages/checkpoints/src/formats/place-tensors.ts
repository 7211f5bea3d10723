import { checkpointError, elementCount, type PositionalFile, printShape } from '@styleflow/files';
import { TensorReference } from '../pickle/pickle-values.js';
import { STORED_TYPES, type StoredTensor, spanOf } from '../tensors/stored-tensor.js';
import type { StateDict } from './state-dict.js';

/**
 * An expanded tensor has more values than are stored. No network needs more expanded values than this, so more are
 * taken for an attack.
 */
const MOST_REPEATED_VALUES = 2 ** 24;

/** The bytes of a storage in a file. */
export interface StoragePlace {
  readonly position: number;
  readonly bytes: number;
}

/** The tensors of a file by name. For those that cannot be read, what they are instead ("a sparse tensor"). */
export interface PlacedTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly unreadable: ReadonlyMap<string, string>;
}

/**
 * Finds where each tensor of a state dict lies. `locate` gives a storage's place by its key, or undefined.
 * @throws JobError `invalid_request` for a tensor without data or beyond its storage.
 */
export async function placeTensors(
  file: PositionalFile,
  dict: StateDict,
  locate: (key: string) => StoragePlace | undefined | Promise<StoragePlace | undefined>,
  bigEndian: boolean,
): Promise<PlacedTensors> {
  const tensors = new Map<string, StoredTensor>();
  const unreadable = new Map<string, string>();
  const places = new Map<string, StoragePlace>();
  for (const [name, tensor] of dict.tensors) {
    if (!(tensor instanceof TensorReference)) {
      unreadable.set(name, tensor.what);
      continue;
    }
    const { key } = tensor.storage;
    const place = places.get(key) ?? (await locate(key));
    if (!place) throw checkpointError(`${file.name} lacks the data of tensor ${name} (storage ${key})`);
    places.set(key, place);
    tensors.set(name, { ...placeTensor(file, name, tensor, place), bigEndian });
  }
  return { tensors, unreadable };
}

function placeTensor(
  file: PositionalFile,
  name: string,
  tensor: TensorReference,
  place: StoragePlace,
): Omit<StoredTensor, 'bigEndian'> {
  const { type, shape, strides, offset, storage } = tensor;
  const size = STORED_TYPES[type];
  const span = spanOf(tensor);
  const within = (offset + span) * size <= storage.view.count * storage.element.bytes;
  const first = storage.view.first + offset;
  if (!within || !((first + span) * size <= place.bytes)) {
    throw checkpointError(
      `${file.name}: tensor ${name} ${printShape(shape)} reaches beyond its storage of ${place.bytes} bytes`,
    );
  }
  // Written as a negation so that NaN is refused too: lengths of 2^53 and 0 multiply to it.
  if (!(elementCount(shape) <= Math.max(span, MOST_REPEATED_VALUES))) {
    throw checkpointError(`${file.name}: tensor ${name} ${printShape(shape)} repeats its ${span} values too often`);
  }
  return { type, shape, strides, position: place.position + first * size };
}
