import { z } from 'zod';
import { parseSecretKeys } from './records/secret-keys.js';

/** Settings of the processes that seal or open secrets: the API and the CPU workers, no others. */
export const vaultSettings = {
  /**
   * 32 bytes in base64 that seal credentials in addresses; several by commas as `id:base64`, of which the first seals and all open.
   * Without it sources with credentials are refused.
   */
  STYLEFLOW_SECRET_KEY: z
    .string()
    .prefault('')
    .transform((text, context) => {
      try {
        return parseSecretKeys(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof RangeError ? error.message : 'not readable' });
        return z.NEVER;
      }
    }),
};
