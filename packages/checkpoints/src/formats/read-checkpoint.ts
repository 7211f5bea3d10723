import { checkpointError, PositionalFile } from '@styleflow/files';
import { readStored } from '../tensors/read-stored.js';
import type { StoredType } from '../tensors/stored-tensor.js';
import type { TensorSource } from '../tensors/tensor-source.js';
import { describeForeignFile, HEAD_BYTES } from './foreign-file.js';
import type { PlacedTensors } from './place-tensors.js';
import { looksLikeSafetensors, readSafetensors } from './safetensors.js';
import type { StateDict } from './state-dict.js';
import { looksLikePickle, readTorchLegacy } from './torch-legacy.js';
import { readTorchZip } from './torch-zip.js';

export type CheckpointFormat = 'torch-zip' | 'torch-legacy' | 'safetensors';

/**
 * An open checkpoint file. Names are the file's own, with prefixes. `read` fetches from the file each time. Asking for
 * the shape or the values of an `unreadable` tensor is an error that says what it is.
 */
export interface Checkpoint extends TensorSource {
  readonly file: string;
  readonly format: CheckpointFormat;
  /** The keys under which the tensors lay, outermost first (`state_dict`). */
  readonly wrapping: readonly string[];
  /** Keys that lay beside the tensors and are not used (`epoch`, `optimizer`, `latent_avg`). */
  readonly beside: readonly string[];
  /** The encoder that the options of a pSp checkpoint, or of a relative of pSp, name. */
  readonly encoderType: string | undefined;
  /**
   * Tensors whose values cannot be read, by name, and what they are instead ("a sparse tensor"). `names` leaves them
   * out.
   */
  readonly unreadable: ReadonlyMap<string, string>;
  type(name: string): StoredType | undefined;
  close(): Promise<void>;
}

interface Contents {
  readonly format: CheckpointFormat;
  readonly dict: Pick<StateDict, 'wrapping' | 'beside'>;
  readonly encoderType?: string | undefined;
  readonly placed: PlacedTensors;
}

/** The first bytes of every zip archive that has entries. */
const ZIP_START = Buffer.from('PK\x03', 'latin1');

/**
 * Opens a PyTorch checkpoint (zip or legacy) or a safetensors file. Only names and shapes are read; no code of the file
 * is ever run. The caller closes it.
 * @throws JobError `invalid_request`: what is wrong with the file and where.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const file = await PositionalFile.open(path);
  try {
    return checkpointOf(file, await readContents(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}

function checkpointOf(file: PositionalFile, { format, dict, encoderType, placed }: Contents): Checkpoint {
  const { tensors, unreadable } = placed;
  const find = (name: string) => {
    const what = unreadable.get(name);
    if (what !== undefined) throw checkpointError(`${file.name}: tensor ${name} is ${what}, which is not supported`);
    return tensors.get(name);
  };
  return {
    file: file.name,
    format,
    wrapping: dict.wrapping,
    beside: dict.beside,
    encoderType,
    unreadable,
    names: () => [...tensors.keys()],
    shape: (name) => find(name)?.shape,
    type: (name) => find(name)?.type,
    read: async (name, start, count) => {
      const tensor = find(name);
      if (!tensor) throw checkpointError(`${file.name} has no tensor ${name}`);
      return readStored(file, tensor, start, count);
    },
    close: () => file.close(),
  };
}

async function readContents(file: PositionalFile): Promise<Contents> {
  const head = await file.readBuffer(0, Math.min(HEAD_BYTES, file.size));
  // Tried first, because the length at the start of such a file may look like the beginning of another format.
  if (looksLikeSafetensors(head)) {
    return { format: 'safetensors', dict: { wrapping: [], beside: [] }, placed: await readSafetensors(file) };
  }
  if (head.subarray(0, 3).equals(ZIP_START)) return { format: 'torch-zip', ...(await readTorchZip(file)) };
  if (looksLikePickle(head)) return { format: 'torch-legacy', ...(await readTorchLegacy(file)) };
  throw checkpointError(
    `${file.name} is neither a PyTorch nor a safetensors file: ${describeForeignFile(head, file.size)}`,
  );
}
