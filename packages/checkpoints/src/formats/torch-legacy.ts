import { checkpointError, type PositionalFile } from '@styleflow/files';
import { explainPickle, LARGEST_PICKLE_BYTES } from '../pickle/explain-pickle.js';
import { PickleTruncated } from '../pickle/pickle-error.js';
import { type StorageReference, storageOf } from '../pickle/pickle-values.js';
import { unpickle } from '../pickle/unpickle.js';
import { placeTensors, type StoragePlace } from './place-tensors.js';
import { encoderTypeOf, findStateDict } from './state-dict.js';
import type { TorchContents } from './torch-zip.js';

/** The number in the first pickle of such a file. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
const FIRST_READ_BYTES = 2 ** 20;
const COUNT_BYTES = 8;
/** Limits how many storages are looked up in the file. */
const MOST_STORAGES = 2 ** 16;

interface LegacyPickles {
  readonly root: unknown;
  /** Keys of the storages, in the order of their data. */
  readonly keys: readonly unknown[];
  readonly storages: ReadonlyMap<string, StorageReference>;
  /** Where the first storage begins. */
  readonly end: number;
}

/**
 * Whether a file begins like a pickle: with a protocol (2 to 5), or for protocols 0 and 1 with the magic number or a
 * name as text.
 */
export function looksLikePickle(head: Buffer): boolean {
  const text = head.toString('latin1', 0, 256);
  return (
    (head[0] === 0x80 && (head[1] ?? 6) <= 5) || text.startsWith(`L${MAGIC}L\n`) || /^c[\w.]+\n[\w.]+\n/.test(text)
  );
}

/**
 * Reads the format of `torch.save` before 1.6: five pickles (magic number, version, machine facts, the checkpoint, the
 * storage keys), then each storage as a count of 8 bytes and its elements, little-endian on every machine.
 * @throws JobError `invalid_request`
 */
export async function readTorchLegacy(file: PositionalFile): Promise<TorchContents> {
  try {
    const pickles = await readPickles(file);
    const places = await placeStorages(file, pickles);
    const dict = findStateDict(file, pickles.root);
    const placed = await placeTensors(file, dict, (key) => places.get(key), false);
    return { dict, encoderType: encoderTypeOf(pickles.root), placed };
  } catch (error) {
    throw explainPickle(file, error);
  }
}

/** Walks over the storages; each begins with its length. */
async function placeStorages(
  file: PositionalFile,
  { keys, storages, end }: LegacyPickles,
): Promise<ReadonlyMap<string, StoragePlace>> {
  if (keys.length > MOST_STORAGES) throw checkpointError(`${file.name} has ${keys.length} storages, which is too many`);
  const places = new Map<string, StoragePlace>();
  let position = end;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw checkpointError(`${file.name} lists the storage ${printKey(key)}, which no tensor uses`);
    if (places.has(storage.key)) throw checkpointError(`${file.name} lists the storage ${storage.key} twice`);
    if (position + COUNT_BYTES > file.size) {
      throw checkpointError(`${file.name} is cut short before storage ${storage.key}: copy or download it again`);
    }
    const stated = (await file.readBuffer(position, COUNT_BYTES)).readBigInt64LE();
    if (stated !== BigInt(storage.count)) {
      throw checkpointError(
        `${file.name}: storage ${storage.key} has ${stated} elements, ${storage.count} were announced`,
      );
    }
    const bytes = storage.count * storage.element.bytes;
    position += COUNT_BYTES;
    if (position + bytes > file.size) {
      throw checkpointError(
        `${file.name} is cut short inside storage ${storage.key}: ${bytes} bytes were announced, ${file.size - position} follow: copy or download it again`,
      );
    }
    places.set(storage.key, { position, bytes });
    position += bytes;
  }
  return places;
}

function printKey(key: unknown): string {
  return typeof key === 'string' ? key.slice(0, 100) : 'without a name';
}

/** Reads more and more of the file until all five pickles end, because nothing says how long they are. */
async function readPickles(file: PositionalFile): Promise<LegacyPickles> {
  for (let length = FIRST_READ_BYTES; ; length *= 4) {
    const bytes = await file.read(0, Math.min(length, file.size));
    try {
      return parsePickles(file, bytes);
    } catch (error) {
      if (!(error instanceof PickleTruncated) || bytes.length === file.size) throw error;
      if (length < LARGEST_PICKLE_BYTES) continue;
      throw checkpointError(`${file.name} has a pickle of more than ${length} bytes; names and shapes need far less`);
    }
  }
}

function parsePickles(file: PositionalFile, bytes: Uint8Array): LegacyPickles {
  let at = 0;
  const storages = new Map<string, StorageReference>();
  const next = (): unknown => {
    const { value, length } = unpickle(bytes.subarray(at), (id) => {
      const storage = storageOf(id);
      // As in PyTorch the first type that names a storage decides how it is read.
      if (!storages.has(storage.key)) storages.set(storage.key, storage);
      return storage;
    });
    at += length;
    return value;
  };
  if (next() !== MAGIC) throw checkpointError(`${file.name} is a pickle that PyTorch did not write`);
  const version = next();
  if (version !== PROTOCOL_VERSION) {
    throw checkpointError(`${file.name} has a version of the format that is not ${PROTOCOL_VERSION}`);
  }
  next();
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw checkpointError(`${file.name} is damaged: its list of storages is missing`);
  return { root, keys, storages, end: at };
}
