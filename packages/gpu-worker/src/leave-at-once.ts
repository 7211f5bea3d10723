import { setTimeout as after } from 'node:timers/promises';

/** A thread that can still leave does so within this. */
const PATIENCE_MS = 5_000;

/**
 * Ends the process after its threads broke: with exit code 1 when they have left, else by SIGKILL. `process.exit` waits for
 * every thread, and one that hangs in the driver never comes back.
 */
export async function leaveAtOnce(threadsLeft: Promise<void>, patienceMs = PATIENCE_MS): Promise<never> {
  const haveLeft = await Promise.race([threadsLeft.then(() => true), after(patienceMs, false)]);
  if (haveLeft) process.exit(1);
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
