// @module-tag faketime
import { expect, it } from 'vitest';
import { runChaos } from '../chaos/run-chaos.js';

/** Beside the two minutes of load: start, undisturbed run, and what has to recover on a slow machine. */
const TIMEOUT_MS = 600_000;

/** Few enough for a slow machine to end them between the faults. */
const JOBS = 24;

it(
  'two minutes of faults lose no job, end none twice and change no result',
  async () => {
    const said: string[] = [];
    const { audit, faults } = await runChaos(
      {
        seed: 13,
        minutes: 2,
        jobs: JOBS,
        scale: 0.1,
        store: 'file',
        faults: FAULTS,
      },
      (line) => said.push(line),
    );
    expect(audit.findings, said.join('\n')).toEqual([]);
    expect(new Set(faults.map(({ id }) => id))).toEqual(new Set(FAULTS));
    // Those of a client without a key that was refused or cut off come on top.
    expect(audit.acceptedJobs).toBe(JOBS);
    expect(audit.equalResults + audit.canceledJobs + audit.deletedJobs).toBeGreaterThanOrEqual(JOBS);
  },
  TIMEOUT_MS,
);

/** Of each kind some. What all of them do takes longer than a test may: `npm run bench -- chaos`. */
const FAULTS = [
  'redis-restart',
  'redis-frozen',
  'redis-cut',
  'redis-silent-for-one',
  'redis-garbage',
  'cpu-worker-killed',
  'gpu-worker-stopped',
  'api-killed',
  'all-killed',
  'clock-day-behind',
];
