import type { EntryDetails, QueueEntry, QueueFacts } from '@styleflow/contracts';
import { expect, it } from 'vitest';
import { printEntries, printEntry, printQueues } from './print-queues.js';

const JOB = 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
const QUEUE: QueueFacts = {
  ...{ name: 'score.0123456789ab', paused: true, waiting: 1200, active: 3, delayed: 0, waitingChildren: 0, failed: 1 },
  ...{ completed: 9, oldestSeconds: 61.7, bundle: 'small@0123456789ab', workers: 2 },
};
const ENTRY: QueueEntry = {
  ...{ id: `${JOB}.1.score.0.7`, queue: QUEUE.name, state: 'delayed', job: JOB, run: 1, stage: 'score', track: 0 },
  ...{ clip: 7, turn: 5, attempts: { started: 2, failed: 1, allowed: 4 }, takeovers: 1, ageSeconds: 12.4 },
  ...{ addedAt: '2026-01-02T03:04:05.678Z', startedAt: '2026-01-02T03:04:06.000Z', finishedAt: null },
  ...{ retryAt: '2026-01-02T03:05:00.000Z', takenBy: { host: 'box', pid: 7 }, lockSeconds: null },
  error: { code: 'storage_unavailable', message: 'away\u001b[2J' },
  links: {},
};

it('prints queues with their counts, paused ones marked', () => {
  expect(
    printQueues([QUEUE, { ...QUEUE, name: 'prepare', paused: false, bundle: undefined, oldestSeconds: null }]),
  ).toEqual([
    'queue               waiting  active  delayed  children  failed  completed  oldest s  workers',
    'score.0123456789ab    1,200       3        0         0       1          9  62              2  PAUSED small@0123456789ab',
    'prepare               1,200       3        0         0       1          9  -               2',
  ]);
});

it('prints entries with who had them and why they failed, and how to go on', () => {
  const [, line, next] = printEntries({ entries: [ENTRY], nextCursor: 'delayed:1:x' });
  expect(line).toBe(
    `${JOB}.1.score.0.7  1/4          12  2026-01-02T03:04:06.000Z  box:7   storage_unavailable: away?[2J (again at 2026-01-02T03:05:00.000Z)`,
  );
  expect(next).toBe('next page: --cursor delayed:1:x');
  expect(printEntries({ entries: [{ ...ENTRY, state: 'active' }], nextCursor: null })[1]).toContain(
    'box:7 (lock lost)',
  );
  expect(printEntries({ entries: [], nextCursor: null })).toEqual(['no such entries']);
});

it('prints one entry with its failed attempts and the command that runs its job again', () => {
  const details: EntryDetails = {
    ...{ ...ENTRY, jobStatus: 'failed', payload: { v: 1 }, payloadProblem: null, parent: null, children: null },
    failures: [{ at: null, worker: 'box:7', code: 'internal', message: 'once' }],
    links: { retry: `/v1/jobs/${JOB}/retry` },
  };
  expect(printEntry(details)).toEqual([
    `entry      ${JOB}.1.score.0.7`,
    'state      delayed, again at 2026-01-02T03:05:00.000Z',
    `job        ${JOB} failed`,
    `job again  npx styleflow retry ${JOB}`,
    'attempts   1 failed of 4, 2 started',
    'worker     box:7',
    'payload    {"v":1}',
    'failed     - box:7 internal: once',
  ]);
});
