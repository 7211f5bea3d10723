import { until } from './until.js';

/** False once the process is gone, or when it never existed. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills one process and waits until it is gone. */
export async function killProcess(pid: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal);
  await until(`process ${pid} is gone`, () => !isAlive(pid));
}
