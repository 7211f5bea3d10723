import { parseEnv } from '@styleflow/runtime';
import { z } from 'zod';

const settings = parseEnv(
  {
    STYLEFLOW_API: z.string().default('http://127.0.0.1:8000'),
    STYLEFLOW_API_KEY: z.string().optional(),
  },
  process.env,
);

export const clientDefaults = { api: settings.STYLEFLOW_API, key: settings.STYLEFLOW_API_KEY };

/** What child processes inherit. */
export const inheritedEnv: Readonly<Record<string, string | undefined>> = process.env;
