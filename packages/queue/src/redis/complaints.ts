/** For how long the same complaint is not repeated. */
const QUIET_MS = 60_000;

/**
 * Logs what goes wrong with connections. During an outage of Redis every connection, and everything that listens to
 * one, reports the same error about once a second; with fifty workers that would fill a disk. So each complaint is
 * logged at once and then once a minute.
 */
export interface Complaints {
  warn(error: Error, facts: object, message: string): void;
  /** Notes that a connection works again, so that the same complaint is logged at once when it returns. */
  over(facts: object): void;
}

/** The part of a logger that is needed here. */
interface Log {
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
}

/** @param nowMs a clock that never goes back */
export function complaintsTo(logger: Log, nowMs: () => number = () => performance.now()): Complaints {
  const said = new Map<string, { at: number; kept: number }>();
  return {
    warn(error, facts, message) {
      // The connection does not matter, because all connections lead to one server.
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

/** The name of an error. An error about several addresses has a code and no message. */
function nameOf(error: Error): string {
  return `${'code' in error ? String(error.code) : error.name} ${error.message}`;
}
