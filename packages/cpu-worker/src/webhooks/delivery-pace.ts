const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Before each further attempt: together a day. */
const DELAYS_MS = [
  5_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  6 * HOUR_MS,
  10 * HOUR_MS,
];

/** What is not delivered by then is given up, also when its target rested and was hardly asked. */
const LAST_AFTER_MS = 26 * HOUR_MS;

/**
 * Ms until the next attempt, with up to a tenth on top, so that what failed together does not come back together; null when it is to
 * be given up.
 * @param made attempts, this one included · @param ageMs since it is tried
 */
export function nextDelayMs(made: number, ageMs: number, random: () => number = Math.random): number | null {
  const delay = DELAYS_MS[made - 1];
  if (delay === undefined || ageMs > LAST_AFTER_MS) return null;
  return Math.round(delay * (1 + random() / 10));
}

/** Whether a delivery that waits for its target to be called again has waited long enough. */
export const isTooOld = (ageMs: number): boolean => ageMs > LAST_AFTER_MS;
