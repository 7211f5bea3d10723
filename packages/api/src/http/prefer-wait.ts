/** The longest time for which an answer is held back. */
const MAX_WAIT_S = 60;

/**
 * The seconds for which `Prefer: wait=N` (RFC 7240) asks to hold the answer, at most 60; 0 without it. Unknown
 * preferences are ignored, as the RFC wants.
 */
export function preferredWaitSeconds(header: string | string[] | undefined): number {
  const preferences = [header ?? []].flat().join(',').split(',');
  for (const preference of preferences) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(MAX_WAIT_S, Number(seconds));
  }
  return 0;
}
