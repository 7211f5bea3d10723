import { fileURLToPath } from 'node:url';

/** The file that Node runs as `styleflow`, for those who start the command as a process. */
export const MAIN_PATH = fileURLToPath(new URL('./main.js', import.meta.url));
