import { fileURLToPath } from 'node:url';

/** The file that Node runs as `styleflow`, for whoever starts the command as a process. */
export const MAIN_PATH = fileURLToPath(new URL('./main.js', import.meta.url));
