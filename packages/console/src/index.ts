import { fileURLToPath } from 'node:url';

/**
 * The folder with the built console, as the API serves it: `index.html`, `assets/NAME-HASH.EXT`, each also compressed (`.br`,
 * `.gz`), and `licences.md`. It is not there before the console has been built.
 */
export const SITE_FOLDER = fileURLToPath(new URL('../site/', import.meta.url));
