import {
  entryId,
  JOB_CATALOG,
  type JobRun,
  MAX_PREPARED_AGAIN,
  type PreparePayload,
  prepareAgainId,
  type ScorePayload,
  type Stage,
} from '@styleflow/contracts';
import type { FlowJob, JobsOptions } from 'bullmq';
import { KEY_PREFIX } from '../redis/record-keys.js';
import { FINISH_QUEUE, PREPARE_QUEUE } from './bullmq-queues.js';

/** The type of backoff that every entry names; workers calculate it (see `retry-outcome.ts`). */
const BACKOFF_TYPE = 'custom';

/**
 * Entries are kept until the job has ended (an id that is kept cannot be added twice), so nothing is removed on completion.
 * `ignoreDependencyOnFailure` lets the parent run however its children end. Without a priority an entry would run before all
 * that have one: every child has one.
 */
function entryOptions(stage: Stage, jobId: string): JobsOptions {
  const { attempts } = JOB_CATALOG[stage];
  // What BullMQ keeps as stacks are lines about the failed attempts (see `attempt-failure.ts`).
  return { jobId, attempts, backoff: { type: BACKOFF_TYPE }, stackTraceLimit: attempts };
}

/** `turn`: its place among all that wait (see `turns.ts`); BullMQ takes the lowest first. */
function childOptions(stage: Exclude<Stage, 'finish'>, jobId: string, turn: number): JobsOptions {
  return { ...entryOptions(stage, jobId), priority: turn, ignoreDependencyOnFailure: true };
}

/** `at`: when they are added, ms by the clock of Redis. */
export function flowOf(payload: PreparePayload, turn: number, at: number): FlowJob {
  const { job, run, trace } = payload;
  const { parent: _none, ...prepareOptions } = childOptions('prepare', entryId.prepare(payload), turn);
  const timestamp = Math.round(at);
  return {
    name: 'finish',
    queueName: FINISH_QUEUE,
    data: { v: 1, job, run, ...(trace !== undefined && { trace }) },
    opts: { ...entryOptions('finish', entryId.finish(payload)), timestamp },
    children: [{ name: 'prepare', queueName: PREPARE_QUEUE, data: payload, opts: { ...prepareOptions, timestamp } }],
  };
}

export function scoreOptions(payload: ScorePayload, turn: number): JobsOptions {
  return { ...childOptions('score', entryId.score(payload), turn), parent: parentOf(payload) };
}

export function prepareAgainOptions(payload: PreparePayload, again: number, turn: number): JobsOptions {
  return { ...childOptions('prepare', prepareAgainId(payload, again), turn), parent: parentOf(payload) };
}

const parentOf = (run: JobRun): { id: string; queue: string } => ({
  id: entryId.finish(run),
  queue: `${KEY_PREFIX}:${FINISH_QUEUE}`,
});

/** The ids that `prepare` of a run may have, in the order in which they are added. */
export function prepareIds(run: JobRun): string[] {
  const again = Array.from({ length: MAX_PREPARED_AGAIN }, (_, index) => prepareAgainId(run, index + 1));
  return [entryId.prepare(run), ...again];
}

/** What a child's key (`PREFIX:QUEUE:ID`) names. */
export function parseEntryKey(key: string): { queue: string; id: string } {
  const [queue = '', id = ''] = key.slice(KEY_PREFIX.length + 1).split(':');
  return { queue, id };
}
