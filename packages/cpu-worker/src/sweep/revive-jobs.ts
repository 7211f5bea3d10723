import { JobError, type JobRun } from '@styleflow/contracts';
import { beginJob, type FlowState } from '@styleflow/queue';
import type { SweepPorts } from './sweep-ports.js';

/** A submission adds the record first and the flow at once after it: younger jobs are left to it. */
const SETTLED_MS = 2_000;

/**
 * Gives every unfinished job that nobody will work on its entries again: a submission that crashed between record and flow,
 * entries lost with a Redis that forgot, a finish that used up its attempts during an outage.
 */
export async function reviveJobs(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  // All waiting jobs pass here every minute: of those that are well only the state of their entries is looked at.
  for await (const runs of ports.lists.unfinished()) {
    const states = await ports.queue.flowStates(runs);
    for (const [index, run] of runs.entries()) {
      if (signal?.aborted) return;
      const state = states[index] ?? 'live';
      if (state === 'live') continue;
      // One record that cannot be read must not keep the others from being worked on.
      await revive(ports, run, state).catch((error: unknown) => {
        if (error instanceof JobError && error.fault === 'surroundings') throw error;
        ports.logger.warn({ ...run, err: error }, 'a job could not be revived');
      });
    }
  }
}

async function revive({ clock, records, queue, logger }: SweepPorts, run: JobRun, state: FlowState): Promise<void> {
  const record = await records.read(run.job);
  // It may have ended, or begun its next run, between the two looks.
  if (record === null || record.run !== run.run || record.finishedAt !== null || record.isWaiting) return;
  // Created in the future: the clock of Redis has gone back since, and the job need not wait for that time to come again.
  const ageMs = (await clock.now()) - Date.parse(record.createdAt);
  if (ageMs > -SETTLED_MS && ageMs < SETTLED_MS) return;
  logger.warn({ ...run, state }, 'reviving a job that nobody works on');
  if (state === 'dead') await queue.reviveFinish(run);
  else await beginJob(queue, record);
}
