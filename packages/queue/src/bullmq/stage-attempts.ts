import {
  JOB_CATALOG,
  type JobError,
  printJobError,
  type Stage,
  SURROUNDINGS,
  type Surrounding,
} from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import type { Attempt, SurroundingChecks } from '../ports/job-queue.js';
import type { RedisClock } from '../redis/redis-clock.js';
import { printAttemptFailure } from './attempt-failure.js';
import { runInStageSpan, type TracedPayload } from './entry-spans.js';
import type { HeldEntry } from './held-entry.js';
import { NewerEntry, parsePayload } from './newer-entry.js';
import type { OwnFault } from './own-fault.js';
import { putAside } from './put-aside.js';
import { decideRetry, type RetryOutcome } from './retry-outcome.js';

export interface StageAttemptsOptions<P> {
  readonly stage: Stage;
  readonly queueName: string;
  readonly schema: z.ZodType<P>;
  /** Its answer counts only of `finish` (see `FinishHandler`). */
  readonly handler: (attempt: Attempt<P>) => Promise<unknown>;
  readonly checks: SurroundingChecks;
  /** How long what is away may be away before an entry that waits for it fails. */
  readonly outageBudgetMs: number;
  readonly logger: Logger;
  readonly clock: RedisClock;
  readonly ownFault: OwnFault;
  /** Wakes idle workers after an entry was put back. */
  readonly wake: () => Promise<void>;
}

export interface StageAttempts {
  /** Answers what the handler does. @throws what the handler throws; what is still away, when the entry waits for it; NewerEntry. */
  run(entry: HeldEntry): Promise<unknown>;
  /**
   * Decides what becomes of an entry whose attempt failed.
   * @throws what tells BullMQ that the entry has failed or is to be tried again; returns when the entry was put aside.
   */
  settle(entry: HeldEntry, error: JobError): Promise<void>;
}

const SURROUNDING_NAMES = Object.keys(SURROUNDINGS) as Surrounding[];

/** A failure that is tried again after this time. BullMQ stores the stack: a line about the attempt in its place. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;
  constructor(error: JobError, delayMs: number) {
    super(printJobError(error));
    this.delayMs = delayMs;
    this.stack = printAttemptFailure(error);
  }
}

/** How the entries of one stage are run, and what becomes of those whose attempt failed. */
export function stageAttempts<P extends TracedPayload>(options: StageAttemptsOptions<P>): StageAttempts {
  const { stage, queueName, schema, handler, checks, outageBudgetMs, logger, clock, ownFault, wake } = options;
  const { attempts, backoffMs } = JOB_CATALOG[stage];

  /** When each of them was last in order, as this worker found; of the others nothing is known. */
  const wellAt = new Map<Surrounding, number>();

  const decide = ({ job, waited }: HeldEntry, error: JobError): RetryOutcome =>
    decideRetry({
      ...{ error, attempts, backoffMs, waited },
      wellAt: error.away && wellAt.get(error.away),
      failuresBefore: job.attemptsMade,
      now: clock.latest(),
      budgetMs: outageBudgetMs,
    });

  async function attempt(entry: HeldEntry): Promise<unknown> {
    const { job, signal } = entry;
    const payload = parsePayload(schema, stage, job);
    await clock.now();
    await awaitSurrounding(entry);
    const startedAt = performance.now();
    try {
      const wasStalled = job.stalledCounter > 0;
      const ageSeconds = (clock.latest() - job.timestamp) / 1000;
      const start = { stage, queueName, entry: job.id ?? '', attempt: job.attemptsStarted, wasStalled, ageSeconds };
      const done = await runInStageSpan(payload, start, () =>
        handler({
          payload,
          number: job.attemptsStarted,
          finalError: (error) => {
            const outcome = decide(entry, error);
            return outcome.kind === 'fail' ? outcome.error : null;
          },
          wasStalled,
          signal,
        }),
      );
      // What was done to its end had all that a stage needs.
      for (const name of SURROUNDING_NAMES) wellAt.set(name, clock.latest());
      return done;
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
    wellAt.set(waited.away, clock.latest());
    // That outage is over. A worker's own fault may lie in the entry itself, which fills the disk anew each time: it goes on counting.
    if (SURROUNDINGS[waited.away].fault === 'surroundings') entry.waited = null;
  }

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

  return { run: attempt, settle };
}
