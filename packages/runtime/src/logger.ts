import { destination, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { spanIds } from './current-span.js';

export type Logger = PinoLogger;

/**
 * Writes JSON lines to stderr, since stdout is for answers. Inside a span they hold `trace_id` and `span_id`.
 * It writes synchronously, so that a killed process has logged everything up to its end. `lines` replaces stderr.
 */
export function createLogger(
  name: string,
  level: string,
  lines: { write(line: string): void } = destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: spanIds,
      redact: { paths: ['secret', '*.secret', 'authorization', '*.authorization'], remove: true },
    },
    lines,
  );
}
