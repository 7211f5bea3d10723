import { setTimeout as pause } from 'node:timers/promises';
import { JOB_CATALOG, JobError, type Stage, toJobError } from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { type Job, WaitingError, Worker } from 'bullmq';
import type { z } from 'zod';
import type { Attempt, StageWorker, SurroundingChecks } from '../ports/job-queue.js';
import type { Complaints } from '../redis/complaints.js';
import { openRedis } from '../redis/connection.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import { RedisClock } from '../redis/redis-clock.js';
import { readScript, runScript } from '../redis/redis-script.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { workerName } from './attempt-failure.js';
import { startBeat } from './beat.js';
import type { TracedPayload } from './entry-spans.js';
import { type HeldEntry, holdEntry } from './held-entry.js';
import { OwnFault } from './own-fault.js';
import { goByRedisTime } from './redis-time.js';
import { RetryLater, stageAttempts } from './stage-attempts.js';

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
  /** Its answer counts only of `finish` (see `FinishHandler`). */
  readonly handler: (attempt: Attempt<P>) => Promise<unknown>;
  readonly concurrency: number;
  readonly checks: SurroundingChecks;
  readonly lockDurationMs: number;
  readonly outageBudgetMs: number;
}

/** Takes entries of one queue and runs the handler on each; see `JobQueue` for what it promises. */
export function startBullmqStageWorker<P extends TracedPayload>(options: BullmqStageWorkerOptions<P>): StageWorker {
  const { stage, queueName, complaints, lockDurationMs, checks } = options;
  const logger = options.logger.child({ queue: queueName });
  const { backoffMs, maxStalledCount } = JOB_CATALOG[stage];
  const connection = goByRedisTime(openRedis(options.address, 'worker', complaints));
  const held = new Map<string, HeldEntry>();
  const beat = startBeat(lockDurationMs);
  let closing: Promise<void> | undefined;

  async function processEntry(job: Job, token: string | undefined): Promise<void> {
    const entry = holdEntry(job, token);
    const key = job.id ?? '';
    held.set(key, entry);
    try {
      // Fetched while `close` was being called.
      if (closing) await handBack(entry);
      // A worker that was lost may have added children to this `finish` and not have lived to let it wait for them.
      else if (stage === 'finish' && (await letWaitForChildren(entry)))
        logger.info({ entry: key }, 'waits for children');
      else if ((await Promise.race([attempts.run(entry), entry.left])) === 'await-children') {
        if (!(await letWaitForChildren(entry))) await handBack(entry);
      }
    } catch (error) {
      if (!entry.isLetGo) await Promise.race([attempts.settle(entry, toJobError(error)), entry.left]);
      entry.letGo();
      entry.leave();
    } finally {
      if (entry.isLetGo) await entry.left;
      held.delete(key);
    }
    // BullMQ's way of saying: leave the entry alone, it has been moved already.
    if (entry.isLetGo) throw new WaitingError();
  }

  /** False when no child is under way: then nothing has changed. */
  async function letWaitForChildren(entry: HeldEntry): Promise<boolean> {
    if (entry.isLetGo) return false;
    const isMoved = await entry.job.moveToWaitingChildren(entry.token).catch((cause: unknown) => {
      throw new JobError('queue_unavailable', 'The entry could not be left to wait for its children.', { cause });
    });
    if (!isMoved) return false;
    entry.letGo();
    entry.leave();
    return true;
  }

  /** BullMQ puts an entry back without waking anyone; idle workers would notice only at their next look. */
  async function wake(): Promise<void> {
    await connection.zadd(worker.toKey('marker'), 0, '0');
  }

  async function handBack(entry: HeldEntry): Promise<void> {
    if (entry.isLetGo) return;
    entry.letGo(new JobError('internal', 'This worker is shutting down.'));
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
      entry.letGo(new JobError('internal', 'The lock of this entry was lost.'));
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
  const attempts = stageAttempts({ ...options, logger, ownFault, wake, clock: new RedisClock(connection) });

  /** BullMQ looks whether it may take more when an entry ends, and when it is resumed: here nothing may end for long. */
  async function lookAnew(): Promise<void> {
    if (closing || ownFault.error !== null) return;
    await worker.pause(true);
    if (!closing && ownFault.error === null) await worker.resume();
  }

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
    resize(concurrency) {
      const grows = concurrency > worker.concurrency;
      worker.concurrency = concurrency;
      if (grows) lookAnew().catch((error: unknown) => logger.warn({ err: error }, 'could not take more at once'));
    },
    close(graceMs) {
      closing ??= closeWithin(graceMs);
      return closing;
    },
  };
}
