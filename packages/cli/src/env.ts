import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseEnv, unknownSettings } from '@styleflow/runtime/for-commands';
import { z } from 'zod';

const settings = parseEnv(
  {
    STYLEFLOW_API: z.string().default('http://127.0.0.1:8000'),
    STYLEFLOW_API_KEY: z.string().optional(),
    STYLEFLOW_BUNDLE: z.string().optional(),
    STYLEFLOW_PYTHON: z.string().optional(),
  },
  process.env,
);

export const clientDefaults = { api: settings.STYLEFLOW_API, key: settings.STYLEFLOW_API_KEY };

/** The bundle that workers would serve with this environment: a folder or `s3://bucket/prefix`. */
export const servedBundle = settings.STYLEFLOW_BUNDLE;

/** The Python that training uses; without it each python3 along PATH is tried. */
export const pythonSetting = settings.STYLEFLOW_PYTHON;

const { XDG_STATE_HOME: stateHome = '' } = process.env;

/** Where a user's programs keep what they go on with later, by the convention of XDG; a relative path counts as none. */
export const stateFolder: string = isAbsolute(stateHome) ? stateHome : join(homedir(), '.local/state');

/** Sentences about variables that look like settings and are none. */
export const unknownNames: readonly string[] = unknownSettings(process.env);

/** The environment that child processes inherit. */
export const inheritedEnv: Readonly<Record<string, string | undefined>> = process.env;

/** Sets variables for libraries that read the environment themselves (CUDA). Call it before they are loaded. */
export function setEnv(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
