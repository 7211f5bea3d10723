import { type CheckpointFormat, openCheckpoint } from '../formats/read-checkpoint.js';
import { describeOther } from '../tensors/known-networks.js';
import type { StoredType } from '../tensors/stored-tensor.js';
import { type RecognisedRole, recogniseRole } from './checkpoint-role.js';
import { countParameters } from './count-parameters.js';

/** What a checkpoint file holds, without its values. */
export interface CheckpointReport {
  readonly file: string;
  readonly format: CheckpointFormat;
  /** The keys that the tensors lay under, outermost first. */
  readonly wrapping: readonly string[];
  /** What lay beside the tensors and is not used. */
  readonly beside: readonly string[];
  /** The role it can fill in a bundle; undefined when its names fit none. */
  readonly role: RecognisedRole | undefined;
  /** Without a role: what it seems to be, if that is known. */
  readonly looksLike: string | undefined;
  /** Tensors whose values cannot be read (sparse, quantised, complex), by name, with what they are. */
  readonly unreadable: Readonly<Record<string, string>>;
  /** In all tensors together; a norm's running statistics are none. */
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
