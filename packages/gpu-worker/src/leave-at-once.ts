import { setTimeout as after } from 'node:timers/promises';

/** A thread that can still end does so within this time. */
const PATIENCE_MS = 5_000;

/**
 * Ends the process after its threads broke: with exit code 1 when they have ended, else by SIGKILL. `process.exit`
 * alone would wait for every thread, and one that hangs in the driver never ends.
 */
export async function leaveAtOnce(threadsLeft: Promise<void>, patienceMs = PATIENCE_MS): Promise<never> {
  const haveLeft = await Promise.race([threadsLeft.then(() => true), after(patienceMs, false)]);
  if (haveLeft) process.exit(1);
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
