import type { EntryDetails, EntryList, QueueEntry, QueueFacts } from '@styleflow/contracts';
import { tableLines } from './table.js';

/** Queues as a table: counts by state, age of the oldest waiting entry, and workers. */
export function printQueues(queues: readonly QueueFacts[]): string[] {
  const head = ['queue', 'waiting', 'active', 'delayed', 'children', 'failed', 'completed', 'oldest s', 'workers', ''];
  const rows = queues.map((queue) => [
    queue.name,
    ...[queue.waiting, queue.active, queue.delayed, queue.waitingChildren, queue.failed, queue.completed],
    queue.oldestSeconds === null ? '-' : Math.round(queue.oldestSeconds).toLocaleString('en-US'),
    queue.workers,
    [queue.paused ? 'PAUSED' : '', queue.bundle ?? ''].filter((word) => word !== '').join(' '),
  ]);
  return tableLines(head, rows);
}

/** Entries as a table, followed by the command for the next page. */
export function printEntries({ entries, nextCursor }: EntryList): string[] {
  if (entries.length === 0) return ['no such entries'];
  const head = ['entry', 'attempts', 'age s', 'started', 'worker', 'failure'];
  const rows = entries.map((entry) => [
    entry.id,
    `${entry.attempts.failed}/${entry.attempts.allowed ?? '?'}`,
    Math.round(entry.ageSeconds ?? 0),
    entry.startedAt ?? '-',
    holder(entry),
    failure(entry),
  ]);
  const next = nextCursor === null ? [] : [`next page: --cursor ${nextCursor}`];
  return [...tableLines(head, rows), ...next];
}

/** One entry with all facts, one on each line. */
export function printEntry(entry: EntryDetails): string[] {
  const { id, state, job, jobStatus, attempts, links, retryAt, parent, children, payloadProblem } = entry;
  const facts: [string, string | null][] = [
    ['entry', id],
    ['state', retryAt === null ? state : `${state}, again at ${retryAt}`],
    ['job', job === null ? null : `${job} ${jobStatus ?? 'not there any more'}`],
    ['job again', links.retry === undefined ? null : `npx styleflow retry ${job}`],
    ['attempts', `${attempts.failed} failed of ${attempts.allowed ?? '?'}, ${attempts.started} started`],
    ['worker', holder(entry)],
    ['parent', parent?.id ?? null],
    ['children', children && `${children.open} open, ${children.completed} completed, ${children.failed} failed`],
    ['problem', payloadProblem],
    ['payload', JSON.stringify(entry.payload)],
  ];
  const rows = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const failures = entry.failures.map(({ at, worker, code, message }) => [
    'failed',
    `${at ?? '-'} ${worker ?? '-'} ${code}: ${message}`,
  ]);
  return tableLines(['', ''], [...rows, ...failures]).slice(1);
}

function holder({ takenBy, state, lockSeconds }: QueueEntry): string {
  if (takenBy === null) return '-';
  const lost = state === 'active' && lockSeconds === null ? ' (lock lost)' : '';
  return `${takenBy.host}:${takenBy.pid}${lost}`;
}

function failure({ error, retryAt }: QueueEntry): string {
  if (error === null) return '-';
  return `${error.code}: ${error.message}${retryAt === null ? '' : ` (again at ${retryAt})`}`;
}
