import { checkpointError } from './checkpoint-error.js';
import { PositionalFile } from './positional-file.js';
import { looksLikeSafetensors, readSafetensors } from './safetensors.js';
import { readStored, type StoredTensor, type StoredType } from './stored-tensor.js';
import type { TensorSource } from './tensor-source.js';
import { readTorchLegacy } from './torch-legacy.js';
import { readTorchZip } from './torch-zip.js';

export type CheckpointFormat = 'torch-zip' | 'torch-legacy' | 'safetensors';

/** An open checkpoint file. Names are the file's own, prefixes included; `read` fetches from the file each time. */
export interface Checkpoint extends TensorSource {
  readonly file: string;
  readonly format: CheckpointFormat;
  /** The keys that the tensors lay under, outermost first (`state_dict`). */
  readonly wrapping: readonly string[];
  /** What lay beside the tensors and is not used (`epoch`, `optimizer`, `latent_avg`). */
  readonly beside: readonly string[];
  type(name: string): StoredType | undefined;
  close(): Promise<void>;
}

interface Contents {
  readonly format: CheckpointFormat;
  readonly wrapping: readonly string[];
  readonly beside: readonly string[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Opens a PyTorch checkpoint (zip or legacy) or a safetensors file. Only names and shapes are read; no code of the file
 * is ever run. The caller closes it.
 * @throws JobError `invalid_request`: what is wrong with the file and where.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const file = await PositionalFile.open(path);
  try {
    const { tensors, ...facts } = await readContents(file);
    return {
      file: file.name,
      ...facts,
      names: () => [...tensors.keys()],
      shape: (name) => tensors.get(name)?.shape,
      type: (name) => tensors.get(name)?.type,
      read: async (name, start, count) => {
        const tensor = tensors.get(name);
        if (!tensor) throw checkpointError(`${file.name} has no tensor ${name}`);
        return readStored(file, tensor, start, count);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readContents(file: PositionalFile): Promise<Contents> {
  const head = await file.read(0, Math.min(4, file.size));
  if (head[0] === 0x50 && head[1] === 0x4b) {
    const { dict, tensors } = await readTorchZip(file);
    return { format: 'torch-zip', wrapping: dict.wrapping, beside: dict.beside, tensors };
  }
  if (head[0] === 0x80) {
    const { dict, tensors } = await readTorchLegacy(file);
    return { format: 'torch-legacy', wrapping: dict.wrapping, beside: dict.beside, tensors };
  }
  if (await looksLikeSafetensors(file)) {
    return { format: 'safetensors', wrapping: [], beside: [], tensors: await readSafetensors(file) };
  }
  throw checkpointError(`${file.name} is neither a PyTorch nor a safetensors file`);
}
