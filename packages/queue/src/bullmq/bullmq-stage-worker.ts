import { setTimeout as pause } from 'node:timers/promises';
import { JOB_CATALOG, JobError, printJobError, type Stage, toJobError } from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { z } from 'zod';
import type { StageHandler, StageWorker } from '../ports/job-queue.js';
import type { Complaints } from '../redis/complaints.js';
import { openRedis } from '../redis/connection.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { printAttemptFailure, workerName } from './attempt-failure.js';
import { runInStageSpan, type TracedPayload } from './entry-spans.js';
import { decideRetry } from './retry-outcome.js';

/** What handing entries back and closing connections may take when Redis does not answer. */
const LAST_WORDS_MS = 2_000;

interface StageWorkerOptions<P> {
  readonly address: RedisAddress;
  readonly logger: Logger;
  readonly complaints: Complaints;
  readonly stage: Stage;
  readonly queueName: string;
  readonly schema: z.ZodType<P>;
  readonly handler: StageHandler<P>;
  readonly concurrency: number;
  readonly lockDurationMs: number;
}

/** An entry that this worker holds. */
interface HeldEntry {
  readonly job: Job;
  readonly token: string;
  readonly abort: AbortController;
  /** Set once the entry is no longer ours: from then on its handler's end counts for nothing. */
  isLetGo: boolean;
  /** Ends the processing as far as BullMQ is concerned. */
  leave(): void;
}

/** A failure that is tried again after this time. BullMQ stores the stack: a line about the attempt in its place. */
class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;
  constructor(error: JobError, delayMs: number) {
    super(printJobError(error));
    this.delayMs = delayMs;
    this.stack = printAttemptFailure(error);
  }
}

/** Takes entries of one queue and runs the handler on each; see `JobQueue` for what it promises. */
export function startBullmqStageWorker<P extends TracedPayload>(options: StageWorkerOptions<P>): StageWorker {
  const { stage, queueName, schema, handler, complaints, lockDurationMs } = options;
  const logger = options.logger.child({ queue: queueName });
  const { attempts, backoffMs, maxStalledCount } = JOB_CATALOG[stage];
  const connection = openRedis(options.address, 'worker', complaints);
  const held = new Map<string, HeldEntry>();
  let closing: Promise<void> | undefined;

  async function attempt(entry: HeldEntry): Promise<void> {
    const { job, abort } = entry;
    const payload = schema.safeParse(job.data);
    if (!payload.success) {
      throw new JobError('internal', `The payload of ${job.id} is not one of ${stage}: ${payload.error.message}`, {
        retryable: false,
      });
    }
    const startedAt = performance.now();
    try {
      const wasStalled = job.stalledCounter > 0;
      const start = { stage, queueName, entry: job.id ?? '', attempt: job.attemptsStarted, wasStalled };
      await runInStageSpan(payload.data, { ...start, addedAt: job.timestamp }, () =>
        handler({
          payload: payload.data,
          number: job.attemptsStarted,
          isLast: job.attemptsMade + 1 >= attempts,
          wasStalled,
          signal: abort.signal,
        }),
      );
    } finally {
      metrics.stageTook(stage, 'attempt', (performance.now() - startedAt) / 1000);
    }
  }

  function toBullmqError(thrown: unknown, { job }: HeldEntry): Error {
    const error = toJobError(thrown);
    const outcome = decideRetry({ error, failuresBefore: job.attemptsMade, attempts, backoffMs });
    const facts = { entry: job.id, attempt: job.attemptsStarted, code: error.code, err: error, ...outcome };
    if (outcome.retry) {
      logger.warn(facts, 'attempt failed, will be tried again');
      metrics.retried(stage, error.code);
      return new RetryLater(error, outcome.delayMs);
    }
    logger.warn(facts, 'entry failed');
    const final = new UnrecoverableError(printJobError(error));
    final.stack = printAttemptFailure(error);
    return final;
  }

  async function processEntry(job: Job, token: string | undefined): Promise<void> {
    const { promise: left, resolve: leave } = deferred();
    const entry: HeldEntry = { job, token: token ?? '', abort: new AbortController(), isLetGo: false, leave };
    const key = job.id ?? '';
    held.set(key, entry);
    try {
      // Fetched while `close` was being called.
      if (closing) await handBack(entry);
      else await Promise.race([attempt(entry), left]);
    } catch (error) {
      if (!entry.isLetGo) throw toBullmqError(error, entry);
    } finally {
      if (entry.isLetGo) await left;
      held.delete(key);
    }
    // BullMQ's way of saying: leave the entry alone, it has been moved already.
    if (entry.isLetGo) throw new WaitingError();
  }

  async function handBack(entry: HeldEntry): Promise<void> {
    if (entry.isLetGo) return;
    entry.isLetGo = true;
    entry.abort.abort(new JobError('internal', 'This worker is shutting down.'));
    try {
      await entry.job.moveToWait(entry.token);
      // BullMQ puts it back without waking anyone; idle workers would notice only at their next look.
      await connection.zadd(worker.toKey('marker'), 0, '0');
      logger.info({ entry: entry.job.id }, 'handed back');
    } catch (error) {
      logger.warn(
        { entry: entry.job.id, err: error },
        'could not hand back; another worker takes over when the lock ends',
      );
    } finally {
      entry.leave();
    }
  }

  const worker = new Worker(queueName, processEntry, {
    name: workerName(),
    connection,
    prefix: KEY_PREFIX,
    concurrency: options.concurrency,
    lockDuration: lockDurationMs,
    stalledInterval: lockDurationMs / 2,
    maxStalledCount,
    settings: { backoffStrategy: (_made, _type, error) => (error instanceof RetryLater ? error.delayMs : backoffMs) },
  });
  worker.on('error', (error) => complaints.warn(error, { queue: queueName }, 'worker'));
  worker.on('stalled', (id) => {
    metrics.stalled();
    logger.warn({ entry: id }, 'taken over from a lost worker');
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) {
      const entry = held.get(id);
      if (!entry || entry.isLetGo) continue;
      logger.warn({ entry: id }, 'lost the lock: another worker may have the entry');
      entry.isLetGo = true;
      entry.abort.abort(new JobError('internal', 'The lock of this entry was lost.'));
      entry.leave();
    }
  });

  async function closeWithin(graceMs: number): Promise<void> {
    // Takes no more and renews locks until the last entry has ended.
    const ended = worker.close().then(
      () => true,
      (error: unknown) => {
        logger.warn({ err: error }, 'closing a worker');
        return true;
      },
    );
    if (!(await Promise.race([ended, pause(graceMs, false, { ref: false })]))) {
      await Promise.race([Promise.all([...held.values()].map(handBack)), pause(LAST_WORDS_MS)]);
      await Promise.race([ended, pause(LAST_WORDS_MS)]);
    }
    connection.disconnect();
  }

  return {
    get busy() {
      return held.size;
    },
    close(graceMs) {
      closing ??= closeWithin(graceMs);
      return closing;
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
