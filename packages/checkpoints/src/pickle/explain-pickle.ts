import { checkpointError, type PositionalFile } from '@styleflow/files';
import { PickleDamaged, PickleRefused, PickleTruncated } from './pickle-error.js';

/** Largest pickle that is read. It holds names and shapes only: a full StyleFlow checkpoint needs 100 kB. */
export const LARGEST_PICKLE_BYTES = 32 * 2 ** 20;

/** Turns the refusal of a pickle into a JobError that names the file. Other errors are returned as they are. */
export function explainPickle(file: PositionalFile, error: unknown): unknown {
  if (error instanceof PickleRefused) {
    const hint = error.hint === '' ? '' : `; it looks like ${error.hint}`;
    return checkpointError(
      `${file.name} is refused: its pickle contains ${error.message}, which is not plain data; nothing of it was run${hint}`,
      error,
    );
  }
  if (error instanceof PickleTruncated) {
    return checkpointError(`${file.name} is cut short inside its pickle: ${error.message}`, error);
  }
  if (error instanceof PickleDamaged) {
    return checkpointError(`${file.name} is damaged: its pickle ${error.message}`, error);
  }
  return error;
}
