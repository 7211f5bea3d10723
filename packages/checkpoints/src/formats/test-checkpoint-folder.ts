import { type FileFolder, fileFolder } from '@styleflow/testing/models';
import { expect } from 'vitest';
import { type Checkpoint, openCheckpoint } from './read-checkpoint.js';

/** A new folder for each test, and what tests do with checkpoints in it. */
interface CheckpointFolder extends FileFolder {
  /** Opens a file, passes it to `look` and closes it. */
  use<T>(path: string, look: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T>;
  /** The message with which a file is refused. The test fails when it is not refused. */
  refusal(bytes: Uint8Array, name?: string): Promise<string>;
}

/** Call it once at the top of a test file. */
export function checkpointFolder(): CheckpointFolder {
  const folder = fileFolder();
  return {
    ...folder,
    async use(path, look) {
      const checkpoint = await openCheckpoint(path);
      try {
        return await look(checkpoint);
      } finally {
        await checkpoint.close();
      }
    },
    async refusal(bytes, name) {
      const error: unknown = await openCheckpoint(await folder.store(bytes, name)).then(
        () => new Error('it was accepted'),
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ name: 'JobError', code: 'invalid_request' });
      return error instanceof Error ? error.message : '';
    },
  };
}
