import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What these scripts keep between runs (git-ignored): the private pnpm, stamps, the lock. */
export const STATE = join(ROOT, '.styleflow/set-up');
