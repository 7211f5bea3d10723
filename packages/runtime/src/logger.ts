import { destination, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { spanIds } from './current-span.js';

export type Logger = PinoLogger;

/**
 * JSON lines on stderr: stdout belongs to answers. Inside a span they carry `trace_id` and `span_id`.
 * Written synchronously, so that a killed process has said what it last did.
 */
export function createLogger(name: string, level: string): Logger {
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: spanIds,
      redact: { paths: ['secret', '*.secret', 'authorization', '*.authorization'], remove: true },
    },
    destination({ fd: 2, sync: true }),
  );
}
