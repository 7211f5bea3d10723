const BEAT_MS = 500;

export interface Beat {
  /** Within about the last two locks, this process was held up for so long that it may have missed renewing one. */
  wasHeldUp(): boolean;
  stop(): void;
}

/** Notices when this process itself stood still: its timers come late by as much. */
export function startBeat(lockDurationMs: number): Beat {
  let lastAt = performance.now();
  let heldUpAt = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const now = performance.now();
    if (now - lastAt > lockDurationMs / 2) heldUpAt = now;
    lastAt = now;
  };
  const timer = setInterval(look, BEAT_MS);
  timer.unref();
  return {
    wasHeldUp() {
      look();
      return performance.now() - heldUpAt < 2 * lockDurationMs;
    },
    stop: () => clearInterval(timer),
  };
}
