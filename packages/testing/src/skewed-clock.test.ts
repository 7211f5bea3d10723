import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSkewedClock, type SkewedClock } from './skewed-clock.js';
import { until } from './until.js';

let clock: SkewedClock | null;
beforeAll(async () => {
  clock = await makeSkewedClock();
});
afterAll(() => clock?.stop());

const DAY_MS = 86_400_000;

it('moves the clock of a running process ahead and back, and not its time spans', async (test) => {
  if (clock === null) return test.skip('libfaketime is not installed');
  const told: number[][] = [];
  const child = spawn(
    process.execPath,
    ['-e', 'setInterval(() => console.log(Date.now() + " " + performance.now()), 100)'],
    { env: { ...process.env, ...clock.environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    createInterface({ input: child.stdout }).on('line', (line) => told.push(line.split(' ').map(Number)));
    const isAhead = (days: number) => () =>
      Math.abs((told.at(-1)?.[0] ?? Number.NaN) - Date.now() - days * DAY_MS) < 60_000;
    await until('it is right', isAhead(0));
    await clock.set((31 * DAY_MS) / 1000);
    await until('it is ahead', isAhead(31));
    await clock.set(-DAY_MS / 1000);
    await until('it is behind', isAhead(-1));
    await clock.set(0);
    await until('it is right again', isAhead(0));
    const spans = told.slice(1).map(([, at = 0], n) => at - (told[n]?.[1] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...spans)).toBeLessThan(60_000);
  } finally {
    child.kill('SIGKILL');
  }
});
