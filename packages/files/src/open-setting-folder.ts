import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { makeFolders } from './make-folders.js';

/**
 * Makes the folder that a setting names, where it is missing, and tries that it can be written.
 * @param setting its name; `folder` may be its default
 * @throws JobError `invalid_request`, which names both and what the system says
 */
export async function openSettingFolder(setting: string, folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    await rm(await mkdtemp(join(folder, '.styleflow-')), { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError('invalid_request', `${setting}: nothing can be written to ${folder}: ${reason}`, { cause });
  }
}
