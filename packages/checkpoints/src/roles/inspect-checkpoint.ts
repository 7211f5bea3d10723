import { type CheckpointFormat, openCheckpoint } from '../formats/read-checkpoint.js';
import { describeOther } from '../tensors/known-networks.js';
import type { StoredType } from '../tensors/stored-tensor.js';
import { type RecognisedRole, recogniseRole } from './checkpoint-role.js';
import { countParameters } from './count-parameters.js';

/** What a checkpoint file holds, without its values. */
export interface CheckpointReport {
  readonly file: string;
  readonly format: CheckpointFormat;
  /** The keys under which the tensors lay, outermost first. */
  readonly wrapping: readonly string[];
  /** Keys that lay beside the tensors and are not used. */
  readonly beside: readonly string[];
  /** The role that it can fill in a bundle; undefined when its names fit none. */
  readonly role: RecognisedRole | undefined;
  /** For a file without a role: what it seems to be, if that is known. */
  readonly looksLike: string | undefined;
  /** Tensors whose values cannot be read (sparse, quantised, complex), by name, and what they are instead. */
  readonly unreadable: Readonly<Record<string, string>>;
  /** Trained numbers in all tensors together. The running statistics of norms do not count. */
  readonly parameters: number;
  readonly tensors: readonly { readonly name: string; readonly type: StoredType; readonly shape: readonly number[] }[];
}

/**
 * Says what a checkpoint is: format, wrapping, tensors, role. Reads names and shapes only and runs nothing of the file.
 * @throws JobError `invalid_request` when it cannot be read or contains more than plain data.
 */
export async function inspectCheckpoint(path: string): Promise<CheckpointReport> {
  const checkpoint = await openCheckpoint(path);
  try {
    const names = checkpoint.names();
    const tensors = names.map((name) => ({
      name,
      type: checkpoint.type(name) ?? 'float32',
      shape: checkpoint.shape(name) ?? [],
    }));
    const role = recogniseRole(names);
    return {
      file: checkpoint.file,
      format: checkpoint.format,
      wrapping: checkpoint.wrapping,
      beside: checkpoint.beside,
      role,
      looksLike: role ? undefined : describeOther(names),
      unreadable: Object.fromEntries(checkpoint.unreadable),
      parameters: countParameters(tensors.map(({ name, shape }) => [name, shape])),
      tensors,
    };
  } finally {
    await checkpoint.close();
  }
}
