import { expect, it } from 'vitest';
import { folderFault, isFolderFault } from './folder-fault.js';

it.each([
  ['ENOSPC', 'its disk is full (ENOSPC); free some space, or name a folder on another one'],
  ['EROFS', 'its disk is read-only (EROFS); name a folder on another one, or mount it writable'],
  ['EIO', 'EIO: i/o error; name another folder'],
])('%s is told as what it means and what to do', (code, sentence) => {
  const error = Object.assign(new Error(`${code}: i/o error`), { code });
  expect(folderFault(error)).toBe(sentence);
  expect(isFolderFault(error)).toBe(code !== 'EIO');
});
