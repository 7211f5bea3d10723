import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * What npm is run with: a cache that it can write (users of services and containers may have no home folder, or one
 * that is read-only), and its errors told even under `npm run --silent`, since they say what is wrong.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} fallback folder of the cache where the user's own cannot be written
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(env, fallback) {
  const cache = env.npm_config_cache ?? join(env.HOME ?? homedir(), '.npm');
  return { ...env, npm_config_loglevel: 'error', npm_config_cache: isWritable(cache) ? cache : fallback };
}

/** Whether the folder can be written, or made in the nearest one that exists. @param {string} folder @returns {boolean} */
function isWritable(folder) {
  if (!existsSync(folder) && folder !== dirname(folder)) return isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
