import { checkpointError } from './checkpoint-error.js';
import type { StorageReference } from './pickle-globals.js';
import { PickleTruncated } from './pickle-literals.js';
import type { PositionalFile } from './positional-file.js';
import { explainPickle, findStateDict, placeTensor, type StateDict, storageReference } from './state-dict.js';
import { STORED_TYPES, type StoredTensor } from './stored-tensor.js';
import { LARGEST_PICKLE_BYTES } from './torch-zip.js';
import { unpickle } from './unpickle.js';

/** What the first pickle of such a file holds. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
const FIRST_READ_BYTES = 2 ** 20;

interface LegacyPickles {
  readonly root: unknown;
  /** Keys of the storages in the order in which their data follows. */
  readonly keys: readonly string[];
  readonly storages: ReadonlyMap<string, StorageReference>;
  /** Where the first storage begins. */
  readonly end: number;
}

/**
 * The format of `torch.save` before 1.6: five pickles (magic number, version, machine facts, the data, the storage keys),
 * then each storage as an 8-byte count and its elements.
 */
export async function readTorchLegacy(
  file: PositionalFile,
): Promise<{ dict: StateDict; tensors: ReadonlyMap<string, StoredTensor> }> {
  try {
    const { root, keys, storages, end } = await readPickles(file);
    const places = new Map<string, { position: number; bytes: number }>();
    let position = end;
    for (const key of keys) {
      const storage = storages.get(key);
      if (!storage) throw checkpointError(`${file.name} lists the storage ${key}, which no tensor uses`);
      const stated = Number(Buffer.from(await file.read(position, 8)).readBigInt64LE());
      if (stated !== storage.count) {
        throw checkpointError(`${file.name}: storage ${key} has ${stated} elements, ${storage.count} were announced`);
      }
      const bytes = stated * (storage.type ? STORED_TYPES[storage.type] : 1);
      if (position + 8 + bytes > file.size) throw checkpointError(`${file.name} is cut short inside storage ${key}`);
      places.set(key, { position: position + 8, bytes });
      position += 8 + bytes;
    }
    const dict = findStateDict(file, root);
    const tensors = new Map<string, StoredTensor>();
    for (const [name, tensor] of dict.tensors) {
      const place = places.get(tensor.storage.key);
      if (!place) throw checkpointError(`${file.name} lacks the data of tensor ${name}`);
      tensors.set(name, placeTensor(file, name, tensor, place));
    }
    return { dict, tensors };
  } catch (error) {
    throw explainPickle(file, error);
  }
}

/** The pickles say nowhere how long they are: reads more of the file until they end. */
async function readPickles(file: PositionalFile): Promise<LegacyPickles> {
  for (let length = Math.min(FIRST_READ_BYTES, file.size); ; length = Math.min(4 * length, file.size)) {
    const bytes = await file.read(0, length);
    try {
      return parsePickles(file, bytes);
    } catch (error) {
      if (!(error instanceof PickleTruncated) || length === file.size || length > LARGEST_PICKLE_BYTES) throw error;
    }
  }
}

function parsePickles(file: PositionalFile, bytes: Uint8Array): LegacyPickles {
  let at = 0;
  const storages = new Map<string, StorageReference>();
  const next = (): unknown => {
    const { value, length } = unpickle(bytes.subarray(at), (id) => {
      if (Array.isArray(id) && id.length > 5 && id[5] !== null) {
        throw checkpointError(`${file.name} has views of storages, as PyTorch before 0.4 wrote them: not supported`);
      }
      const storage = storageReference(id);
      storages.set(storage.key, storage);
      return storage;
    });
    at += length;
    return value;
  };
  if (next() !== MAGIC || next() !== PROTOCOL_VERSION) throw checkpointError(`${file.name} is no PyTorch file`);
  next();
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw checkpointError(`${file.name} is damaged: its list of storages is missing`);
  return { root, keys: keys.map(String), storages, end: at };
}
