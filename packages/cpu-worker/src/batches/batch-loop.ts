import { setTimeout as pause } from 'node:timers/promises';
import { type AdmissionWindow, chooseAdmissions } from '@styleflow/batches';
import { JobError } from '@styleflow/contracts';
import { type BatchChanges, type BatchRecord, LEAST_WINDOW } from '@styleflow/queue';
import { ItemAdmission } from './admit-items.js';
import { admitSingles } from './admit-singles.js';
import type { BatchPorts } from './batch-ports.js';
import { closeParts } from './close-parts.js';
import { deleteBatch } from './delete-batch.js';
import { findLostBatches, keepBatches } from './find-lost-batches.js';
import { retryItems } from './retry-items.js';
import { stopJobs } from './stop-jobs.js';
import { validateBatch } from './validate-batch.js';

/** Falls back after this when the process is lost. */
const LEASE_SECONDS = 15;
/** The loop also looks without having heard of anything, and so does a process that waits for the lease. */
const LOOK_MS = 2_000;
/** Ends come in flocks: so long the loop waits for the next ones. */
const GATHER_MS = 25;
/** Manifests read at once, each with up to 25 MB. */
const VALIDATIONS = 2;
const JOBS_PER_SLOT = 4;

export interface BatchLoop {
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/**
 * The work for batches, in one process at a time: reads manifests, admits items and single jobs beyond their owner's window, moves rows
 * to the store, cancels, retries, deletes. It is woken by changes of batches and by the ends of jobs for which others wait. Every part may run twice, and whatever was lost is done again.
 */
export function startBatchLoop(ports: BatchPorts, changes: BatchChanges): BatchLoop {
  const abort = new AbortController();
  const { signal } = abort;
  const running = (async (): Promise<void> => {
    while (!signal.aborted) {
      const heard = changes.waitForChange(null, LOOK_MS, signal).catch(() => false);
      await ports.leases
        .withLease('batches', LEASE_SECONDS, () => workWhileMine(ports, changes, signal))
        .catch((error: unknown) => ports.logger.warn({ err: error }, 'the work for batches did not run'));
      if (signal.aborted) return;
      await heard;
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      abort.abort();
      await running;
    },
  };
}

async function workWhileMine(ports: BatchPorts, changes: BatchChanges, signal: AbortSignal): Promise<void> {
  const work = new BatchWork(ports, signal);
  try {
    while (!signal.aborted) {
      // Listens before it looks, so that no change is missed.
      const enough = new AbortController();
      const change = changes.waitForChange(null, LOOK_MS, AbortSignal.any([signal, enough.signal])).catch(() => false);
      const hasMore = await work.round();
      if (hasMore) enough.abort();
      await change;
      await pause(GATHER_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await work.settled();
  }
}

/** What the process that holds the lease does. */
export class BatchWork {
  readonly #ports: BatchPorts;
  readonly #signal: AbortSignal;
  readonly #admission: ItemAdmission;
  /** Long work, by batch or by name. */
  readonly #tasks = new Map<string, Promise<void>>();
  #validating = 0;
  #lastOwner: string | undefined;

  constructor(ports: BatchPorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
    this.#admission = new ItemAdmission(ports);
  }

  /** One look at all batches; true when the next one should come at once. Throws in outages alone. */
  async round(): Promise<boolean> {
    const { batches } = this.#ports;
    this.#startCommon('search', () => findLostBatches(this.#ports, this.#signal));
    // What is being worked on is kept when it is done: its objects may be going.
    await this.#care({ id: 'all' }, () => keepBatches(this.#ports, (id) => !this.#tasks.has(id)));
    let hasMore = await closeParts(this.#ports);
    const live = await batches.live();
    this.#admission.keepOnly(live);
    for (const batch of live) {
      if (batch.isDeleting) this.#start(batch, async () => void (await deleteBatch(this.#ports, batch, this.#signal)));
      else if (batch.status === 'validating' && this.#validating < VALIDATIONS) this.#validate(batch);
      else if (batch.cancelRequested) await this.#care(batch, () => stopJobs(this.#ports, batch));
    }
    const running = live.filter((batch) => batch.status === 'running' && !batch.cancelRequested && !batch.isDeleting);
    hasMore = (await this.#admit(running)) || hasMore;
    return hasMore;
  }

  /** Resolves when no long work is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#tasks.values());
  }

  async #admit(running: readonly BatchRecord[]): Promise<boolean> {
    const { singles, weights } = this.#ports;
    const window = await this.#window();
    const batches = running.map((batch) => ({
      batch: batch.id as string,
      owner: batch.owner,
      priority: batch.options.priority ?? 5,
      waiting: batch.counts.total - batch.next + (batch.retryAt === null ? 0 : Math.max(1, batch.counts.failed)),
      open: batch.open,
      unscoredClips: batch.unscoredClips,
    }));
    const ofSingles = (await singles.waiting()).map((scope) => ({ ...scope, batch: null }));
    const scopes = [...ofSingles, ...batches].map((scope) => ({ ...scope, weight: weights.get(scope.owner) ?? 1 }));
    const chosen = chooseAdmissions(scopes, window, this.#lastOwner);
    let isDone = false;
    for (const { batch: id, owner, jobs } of chosen) {
      if (this.#signal.aborted) return false;
      this.#lastOwner = `${owner}\0`;
      const batch = running.find((each) => each.id === id);
      const admit = (): Promise<void> => {
        if (batch === undefined) return admitSingles(this.#ports, owner, jobs);
        return batch.retryAt === null ? this.#admission.admit(batch, jobs) : retryItems(this.#ports, batch, jobs);
      };
      isDone = (await this.#care({ id: id ?? `single jobs of ${owner}` }, admit)) || isDone;
    }
    return isDone;
  }

  /** Enough jobs of each batch, and of each owner's single ones, that no slot of the workers that are there waits for the loop. */
  async #window(): Promise<AdmissionWindow> {
    const workers = await this.#ports.announcements.workers();
    const slots = workers.reduce((sum, { slots: of }) => sum + (of?.prepare?.total ?? 0), 0);
    const jobs = Math.max(LEAST_WINDOW.jobs, JOBS_PER_SLOT * slots);
    const clips = (LEAST_WINDOW.clips / LEAST_WINDOW.jobs) * jobs;
    await this.#ports.singles.setWindow({ jobs, clips });
    return { jobs, clips, allJobs: 64 * jobs, round: jobs };
  }

  #validate(batch: BatchRecord): void {
    if (this.#tasks.has(batch.id)) return;
    this.#validating += 1;
    this.#start(batch, () =>
      validateBatch(this.#ports, batch, this.#signal).finally(() => {
        this.#validating -= 1;
      }),
    );
  }

  #start(batch: BatchRecord, task: () => Promise<void>): void {
    this.#startCommon(batch.id, task);
  }

  /** Beside the rounds, one of a name at a time. */
  #startCommon(name: string, task: () => Promise<void>): void {
    if (this.#tasks.has(name)) return;
    const running = this.#care({ id: name }, task).then(() => void this.#tasks.delete(name));
    this.#tasks.set(name, running);
  }

  /** One batch that cannot be worked on must not keep the others from being. */
  async #care(batch: { readonly id: string }, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      if (this.#signal.aborted) return false;
      const isOutage = error instanceof JobError && error.fault === 'surroundings';
      this.#ports.logger.warn({ batch: batch.id, err: error }, isOutage ? 'a batch waits' : 'a batch cannot go on');
      return false;
    }
  }
}
