import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { folderFault } from './folder-fault.js';
import { makeFolders } from './make-folders.js';

/**
 * Makes the folder that a setting names, where it is missing, and tries that it can be written.
 * @param setting its name; `folder` may be its default
 * @throws JobError `invalid_request`, which names both, what is wrong and what to do
 */
export async function openSettingFolder(setting: string, folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    await rm(await mkdtemp(join(folder, '.styleflow-')), { recursive: true });
  } catch (cause) {
    const message = `${setting}: nothing can be written to ${folder}: ${folderFault(cause)}`;
    throw new JobError('invalid_request', message, { cause });
  }
}
