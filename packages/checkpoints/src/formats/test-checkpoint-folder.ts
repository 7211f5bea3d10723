import { type FileFolder, fileFolder } from '@styleflow/testing/models';
import { expect } from 'vitest';
import { type Checkpoint, openCheckpoint } from './read-checkpoint.js';

/** A fresh folder for each test of a file, and what tests of checkpoints do in it. */
interface CheckpointFolder extends FileFolder {
  /** Opens a file, looks, closes it. */
  use<T>(path: string, look: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T>;
  /** The message with which a file is refused; anything but that refusal fails the test. */
  refusal(bytes: Uint8Array, name?: string): Promise<string>;
}

/** To be called once at the top of a test file. */
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
