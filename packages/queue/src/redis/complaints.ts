/** How long the same complaint is kept back. */
const QUIET_MS = 60_000;

/**
 * What goes wrong with connections. During an outage of Redis every connection and all that listens to one says the same about
 * once a second: fifty workers would fill a disk with it. Each complaint is logged at once, then once a minute.
 */
export interface Complaints {
  warn(error: Error, facts: object, message: string): void;
  /** A connection stands: what was wrong is over, and worth a line should it come again. */
  over(facts: object): void;
}

/** As much of a logger as is needed. */
interface Log {
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
}

/** @param nowMs a clock that never goes back */
export function complaintsTo(logger: Log, nowMs: () => number = () => performance.now()): Complaints {
  const said = new Map<string, { at: number; kept: number }>();
  return {
    warn(error, facts, message) {
      // Who says it does not matter: all of them mean one server.
      const known = said.get(nameOf(error));
      if (known && nowMs() - known.at < QUIET_MS) {
        known.kept += 1;
        return;
      }
      said.set(nameOf(error), { at: nowMs(), kept: 0 });
      logger.warn({ ...facts, err: error, ...(known && { alsoSaid: known.kept }) }, message);
    },
    over(facts) {
      if (said.size === 0) return;
      said.clear();
      logger.info(facts, 'redis connection is back');
    },
  };
}

/** Errors of several addresses together have a code and no message. */
function nameOf(error: Error): string {
  return `${'code' in error ? String(error.code) : error.name} ${error.message}`;
}
