import { z } from 'zod';
import { tracingSettings } from './tracing-settings.js';

/** Settings have wrong values, so the process must not start. The message lists each of them with what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Parses the environment by a shape: names of variables and their schemas. Empty text counts as absent, so that `X=` in
 * a compose file means the default.
 * @throws SettingsError naming each wrong variable. It does not repeat their values, which may be secrets.
 */
export function parseEnv<S extends z.ZodRawShape>(
  shape: S,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<S>> {
  const present = Object.fromEntries(
    Object.keys(shape).flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = z.object(shape).safeParse(present);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  throw new SettingsError(`wrong settings:\n  ${lines.join('\n  ')}`);
}

/** `true` or `false`, nothing else. */
export function booleanSetting(fallback: boolean) {
  return z
    .enum(['true', 'false'], { error: 'allowed: true, false' })
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true');
}

/** A setting that this process must not have: with it, it does not start. `why` says where it belongs. */
export function refusedSetting(why: string) {
  return z
    .string()
    .refine(() => false, { error: why })
    .optional();
}

/** For processes that read strangers' files: whoever breaks into one must not find the key that signs results. */
export const refusedSigningKey = refusedSetting(
  'it belongs to the API alone, which decodes nothing: whoever breaks into a worker by a video must not find the key that signs; remove it here',
);

/** A whole number within bounds; its unit stands in the name of the setting. */
export function integerSetting({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const allowed = `allowed: a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed))
    .prefault(String(fallback));
}

/** A number within bounds, with decimals if wanted; its unit stands in the name of the setting. */
export function numberSetting({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const allowed = `allowed: a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}(\.\d{1,9})?$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed))
    .prefault(String(fallback));
}

/** Words separated by commas; blanks around them do not count. */
export function listSetting(fallback: readonly string[]) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    )
    .prefault(fallback.join(','));
}

/** Ports of TCP, separated by commas. */
export function portsSetting(fallback: readonly number[]) {
  return listSetting(fallback.map(String)).transform((words, context) => {
    const ports = words.map(Number);
    if (ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)) return ports;
    context.addIssue({ code: 'custom', message: 'allowed: numbers from 1 to 65535, separated by commas' });
    return z.NEVER;
  });
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The settings that all processes have. */
export const processSettings = {
  STYLEFLOW_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `allowed: ${LOG_LEVELS.join(', ')}` }).default('info'),
  STYLEFLOW_ADMIN_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'allowed: a port, 0 for any free one')
    .transform(Number)
    .pipe(z.number().max(65_535, 'allowed: a port, 0 for any free one'))
    .optional(),
  /** Where the admin server listens: loopback unless an orchestrator must reach it. */
  STYLEFLOW_ADMIN_HOST: z.string().default('127.0.0.1'),
  ...tracingSettings,
};

/**
 * A text with a grammar of its own; without it, what the parser makes of nothing. What `parse` throws is told as what is wrong with
 * the setting.
 */
export function parsedBy<T>(parse: (text: string) => T) {
  return z
    .string()
    .prefault('')
    .transform((text, context) => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    });
}
