import { codeOf } from './error-code.js';
import type { Logger } from './logger.js';
import { stopTracing } from './tracing.js';

/**
 * Keeps the process running until it is told to stop. Then it runs `stop` once, exports the last spans and exits 0, or
 * 1 when `stop` throws. It is told by SIGTERM, by SIGINT, or by the end of the parent that started it over an IPC
 * channel, so that no child outlives a killed embedded system. A second signal exits at once.
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
  // A rejected promise that nobody waits for is a bug. The process ends, and the queue gives its work to another
  // worker.
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
}

/** Prints one line on stdout, by which whoever started the process knows that it serves, and on which port. */
export function sayReady(port: number | null): void {
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
}

/**
 * Runs the `main` of a process. When the start fails it prints `error: <code>: <sentence>` on stderr and exits with 1,
 * or with 2 for a wrong setting, which is the caller's fault. When the parent ends during the start, the process ends
 * as well.
 */
export function runMain(main: () => Promise<void>): void {
  // False only when there was a channel and it is closed: the parent ended while this program was being loaded.
  if (process.connected === false) leave();
  if (process.channel) process.on('disconnect', leave);
  main().catch((error: unknown) => {
    const isSettings = error instanceof Error && error.name === 'SettingsError';
    const code = isSettings ? 'invalid_request' : codeOf(error);
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${code}: ${text}\n`);
    process.exit(code === 'invalid_request' ? 2 : 1);
  });
}

/** Exits at once: during the start nothing is under way that would have to be drained. */
function leave(): never {
  process.exit(1);
}
