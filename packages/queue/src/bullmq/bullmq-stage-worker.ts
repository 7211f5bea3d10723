import { setTimeout as pause } from 'node:timers/promises';
import { JOB_CATALOG, JobError, printJobError, type Stage, SURROUNDINGS, toJobError } from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { z } from 'zod';
import type { StageHandler, StageWorker, SurroundingChecks } from '../ports/job-queue.js';
import type { Complaints } from '../redis/complaints.js';
import { openRedis } from '../redis/connection.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import { RedisClock } from '../redis/redis-clock.js';
import { readScript, runScript } from '../redis/redis-script.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { printAttemptFailure, workerName } from './attempt-failure.js';
import { startBeat } from './beat.js';
import { runInStageSpan, type TracedPayload } from './entry-spans.js';
import { NewerEntry, parsePayload } from './newer-entry.js';
import { OwnFault } from './own-fault.js';
import { putAside } from './put-aside.js';
import { decideRetry, type RetryOutcome } from './retry-outcome.js';
import { readWaited, type Waited } from './waited.js';

const forgiveScript = readScript('bullmq/forgive-stall');

/** What handing entries back and closing connections may take when Redis does not answer. */
const LAST_WORDS_MS = 2_000;

interface BullmqStageWorkerOptions<P> {
  readonly address: RedisAddress;
  readonly logger: Logger;
  readonly complaints: Complaints;
  readonly stage: Stage;
  readonly queueName: string;
  readonly schema: z.ZodType<P>;
  readonly handler: StageHandler<P>;
  readonly concurrency: number;
  readonly checks?: SurroundingChecks;
  readonly lockDurationMs: number;
  /** How long what is away may be away before an entry that waits for it fails. */
  readonly outageBudgetMs: number;
}

/** An entry that this worker holds. */
interface HeldEntry {
  readonly job: Job;
  readonly token: string;
  readonly abort: AbortController;
  /** What it was waiting for before this attempt; null once that is known to be there again. */
  waited: Waited | null;
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
export function startBullmqStageWorker<P extends TracedPayload>(options: BullmqStageWorkerOptions<P>): StageWorker {
  const { stage, queueName, schema, handler, complaints, lockDurationMs, outageBudgetMs, checks = {} } = options;
  const logger = options.logger.child({ queue: queueName });
  const { attempts, backoffMs, maxStalledCount } = JOB_CATALOG[stage];
  const connection = openRedis(options.address, 'worker', complaints);
  const clock = new RedisClock(connection);
  const held = new Map<string, HeldEntry>();
  const beat = startBeat(lockDurationMs);
  let closing: Promise<void> | undefined;

  const decide = ({ job, waited }: HeldEntry, error: JobError): RetryOutcome =>
    decideRetry({
      ...{ error, attempts, backoffMs, waited },
      failuresBefore: job.attemptsMade,
      now: clock.latest(),
      budgetMs: outageBudgetMs,
    });

  async function attempt(entry: HeldEntry): Promise<void> {
    const { job, abort } = entry;
    const payload = parsePayload(schema, stage, job);
    await clock.now();
    await awaitSurrounding(entry);
    const startedAt = performance.now();
    try {
      const wasStalled = job.stalledCounter > 0;
      const start = { stage, queueName, entry: job.id ?? '', attempt: job.attemptsStarted, wasStalled };
      await runInStageSpan(payload, { ...start, addedAt: job.timestamp }, () =>
        handler({
          payload,
          number: job.attemptsStarted,
          finalError: (error) => {
            const outcome = decide(entry, error);
            return outcome.kind === 'fail' ? outcome.error : null;
          },
          wasStalled,
          signal: abort.signal,
        }),
      );
    } finally {
      metrics.stageTook(stage, 'attempt', (performance.now() - startedAt) / 1000);
    }
  }

  /** Begins nothing while what the entry waited for is still away: each start would fetch a video only to fail again. */
  async function awaitSurrounding(entry: HeldEntry): Promise<void> {
    const { waited } = entry;
    const check = waited && checks[waited.away];
    if (!check) return;
    await check();
    // That outage is over. A worker's own fault may lie in the entry itself, which fills the disk anew each time: it goes on counting.
    if (SURROUNDINGS[waited.away].fault === 'surroundings') entry.waited = null;
  }

  /** @throws what tells BullMQ that the entry has failed or is to be tried again; returns when the entry was put aside. */
  async function settle(entry: HeldEntry, error: JobError): Promise<void> {
    const { job } = entry;
    const outcome = error instanceof NewerEntry ? error.outcome : decide(entry, error);
    const facts = { entry: job.id, attempt: job.attemptsStarted, code: error.code, err: error };
    switch (outcome.kind) {
      case 'retry':
        logger.warn({ ...facts, delayMs: outcome.delayMs }, 'attempt failed, will be tried again');
        metrics.retried(stage, error.code);
        throw new RetryLater(error, outcome.delayMs);
      case 'fail': {
        logger.warn(facts, 'entry failed');
        const final = new UnrecoverableError(printJobError(outcome.error));
        final.stack = printAttemptFailure(outcome.error);
        throw final;
      }
      case 'wait':
        logger.warn({ ...facts, away: error.away, delayMs: outcome.delayMs }, 'entry put aside, without an attempt');
        metrics.waited(stage, error.away ?? 'version');
        if (error.fault === 'worker') await ownFault.found(error);
        await putAside(entry, { ...outcome, isForOthers: error.fault === 'worker' }, { logger, wake });
    }
  }

  async function processEntry(job: Job, token: string | undefined): Promise<void> {
    const { promise: left, resolve: leave } = deferred();
    const abort = new AbortController();
    const entry: HeldEntry = { job, token: token ?? '', abort, waited: readWaited(job.data), isLetGo: false, leave };
    const key = job.id ?? '';
    held.set(key, entry);
    try {
      // Fetched while `close` was being called.
      if (closing) await handBack(entry);
      else await Promise.race([attempt(entry), left]);
    } catch (error) {
      if (!entry.isLetGo) await Promise.race([settle(entry, toJobError(error)), left]);
      entry.isLetGo = true;
      entry.leave();
    } finally {
      if (entry.isLetGo) await left;
      held.delete(key);
    }
    // BullMQ's way of saying: leave the entry alone, it has been moved already.
    if (entry.isLetGo) throw new WaitingError();
  }

  /** BullMQ puts an entry back without waking anyone; idle workers would notice only at their next look. */
  async function wake(): Promise<void> {
    await connection.zadd(worker.toKey('marker'), 0, '0');
  }

  async function handBack(entry: HeldEntry): Promise<void> {
    if (entry.isLetGo) return;
    entry.isLetGo = true;
    entry.abort.abort(new JobError('internal', 'This worker is shutting down.'));
    try {
      await entry.job.moveToWait(entry.token);
      await wake();
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
      forgive(id);
      entry.isLetGo = true;
      entry.abort.abort(new JobError('internal', 'The lock of this entry was lost.'));
      entry.leave();
    }
  });

  /**
   * This worker lives and was not held up itself, so the entry has cost no worker: Redis was away for longer than the lock. An
   * entry that holds its worker up until the lock ends goes on counting.
   */
  function forgive(id: string): void {
    if (beat.wasHeldUp()) return;
    runScript(connection, forgiveScript, [worker.toKey(id)], []).catch((error: unknown) => {
      logger.warn({ entry: id, err: error }, 'could not take back that this entry has cost a worker');
    });
  }

  const ownFault = new OwnFault({ checks, logger, pause: () => worker.pause(true), resume: () => worker.resume() });

  async function closeWithin(graceMs: number): Promise<void> {
    ownFault.stop();
    beat.stop();
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
    get fault() {
      return ownFault.error;
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
