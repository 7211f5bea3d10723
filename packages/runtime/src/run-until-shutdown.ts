import { codeOf } from './error-code.js';
import type { Logger } from './logger.js';
import { stopTracing } from './tracing.js';

/**
 * Keeps the process until it is told to stop, then runs `stop` once, exports the last spans and exits 0 (1 when `stop` throws).
 * Told by SIGTERM, SIGINT, or by the end of the parent that started it over an IPC channel: so no child
 * outlives a killed embedded system. A second signal exits at once.
 */
export function runUntilShutdown(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (reason: string): void => {
    if (stopping) {
      logger.warn({ reason }, 'told twice to stop: leaving at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ reason }, 'stopping');
    stop()
      .finally(stopTracing)
      .then(
        () => {
          logger.info('stopped');
          process.exit(0);
        },
        (error: unknown) => {
          logger.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  if (process.channel) process.on('disconnect', () => begin('parent gone'));
  process.off('disconnect', leave);
  // A rejected promise nobody waits for is a bug: die loudly, the queue hands the work to another worker.
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
}

/** One line on stdout that tells whoever started the process that it serves. */
export function sayReady(port: number | null): void {
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
}

/**
 * The frame of every process: prints a start failure as `error: <code>: <sentence>` on stderr and exits 1,
 * or 2 for a wrong setting, which is the caller's fault. A parent that goes away while the process starts takes it along.
 */
export function runMain(main: () => Promise<void>): void {
  // false only where there was a channel: the parent went away while this program was being loaded.
  if (process.connected === false) leave();
  if (process.channel) process.on('disconnect', leave);
  main().catch((error: unknown) => {
    const isSettings = error instanceof Error && error.name === 'SettingsError';
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${isSettings ? 'invalid_request' : codeOf(error)}: ${text}\n`);
    process.exit(isSettings ? 2 : 1);
  });
}

/** Nothing is under way yet that would have to be drained. */
function leave(): never {
  process.exit(1);
}
