import { setTimeout as after } from 'node:timers/promises';

/** A submission, and the end of a run, wait so long for what is to be kept in the archive. */
const KEEP_PATIENCE_MS = 3_000;

/** Waits for `keeping`, but not for long and not for its success: what was not kept stands on a list. */
export async function withPatience(keeping: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    keeping().catch(() => undefined),
    after(KEEP_PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined),
  ]);
  over.abort();
}
