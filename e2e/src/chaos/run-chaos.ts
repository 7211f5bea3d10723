import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StyleFlowClient } from '@styleflow/client';
import { isEnded } from '@styleflow/contracts';
import { type LoopbackServer, makeVideo, startHttpServer, type VideoRecipe } from '@styleflow/testing';
import { comparable } from '../system/comparable-result.js';
import { type Audit, auditRun } from './audit.js';
import { type ChaosSystem, startChaosSystem } from './chaos-system.js';
import {
  checkFaultIds,
  chooseFaults,
  type FaultChoice,
  type FaultOutcome,
  judgeFault,
  makeFaults,
  planFaults,
} from './make-faults.js';
import { listJobs, orphanedObjects, queueEntries, readFinalState } from './read-final-state.js';
import { runClients } from './run-clients.js';
import { whatLogsSay } from './what-logs-say.js';

export interface ChaosOptions extends FaultChoice {
  /** Spread over the minutes. The undisturbed run before and the settling after come on top of these. */
  readonly jobs: number;
}

export interface ChaosOutcome {
  readonly faults: readonly FaultOutcome[];
  /** Faults that this run could not make, with the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly audit: Audit;
  /** Ends of processes that no fault of this run made. */
  readonly ownEnds: readonly string[];
  readonly settledAfterSeconds: number;
}

/** Four that differ in face, length and count of clips; one without a face. Small, for hundreds of jobs on two cores. */
const VIDEOS: readonly VideoRecipe[] = [
  { people: ['cap12_edit'], frames: 20 },
  { people: ['franck'], frames: 24 },
  { people: ['cap13_edit2'], frames: 68, startSeconds: 2 },
  { people: [], frames: 16 },
];
/** After the faults jobs may still wait as long as an outage may take, and then some; as long as some end, the others have their turn. */
const SETTLE_MS = 120_000;
const LOOK_MS = 2_000;
const BUDGET_MS = 15 * 60_000;
/** An entry whose holder heard no answer is free after its lock, and is run once more. */
const CLEANUP_MS = 90_000;

/** Runs the whole system under load and faults, lets it settle, and compares what clients were told with what there is. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosOutcome> {
  checkFaultIds(options.faults);
  const videos = await Promise.all(VIDEOS.map(async (recipe) => readFile(await makeVideo(recipe))));
  const site = await startHttpServer((request, response) => {
    response.end(videos[Number(request.url?.slice(1))] ?? '');
  });
  const system = await startChaosSystem(options);
  try {
    const reference = await runUndisturbed(system, site, videos.length);
    say(`undisturbed: ${videos.length} videos have their results`);
    return await disturb(system, options, { videos, site: site.url, reference }, say);
  } finally {
    await system.stop();
    await site.stop();
  }
}

async function runUndisturbed(system: ChaosSystem, site: LoopbackServer, videos: number): Promise<unknown[]> {
  const client = new StyleFlowClient({ api: system.apis[0] ?? '' });
  const reference: unknown[] = [];
  for (let n = 0; n < videos; n += 1) {
    const { id } = await client.submit({ type: 'url', url: `${site.url}/${n}` });
    const job = await client.wait(id);
    if (job.status !== 'succeeded') throw new Error(`undisturbed, video ${n} ${job.status}: ${job.error?.message}`);
    reference.push(comparable(await client.result(id)));
    await client.delete(id);
  }
  return reference;
}

interface Material {
  readonly videos: readonly Buffer[];
  readonly site: string;
  readonly reference: readonly unknown[];
}

async function disturb(
  system: ChaosSystem,
  options: ChaosOptions,
  { videos, site, reference }: Material,
  say: (line: string) => void,
): Promise<ChaosOutcome> {
  const { available, leftOut } = chooseFaults(system, options);
  for (const [id, reason] of Object.entries(leftOut)) say(`left out: ${id} (${reason})`);
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const over = new AbortController();
  // Every call of every client listens to it.
  setMaxListeners(0, over.signal);
  const clients = runClients(system, { ...options, videos, site, now, signal: over.signal });
  const happened = await makeFaults(system, planFaults(options, available), now, say);
  const { jobs } = clients;
  say(`the faults are over after ${(now() / 1000).toFixed(0)} s; ${jobs.length} jobs accepted`);
  const settlingSince = now();
  await settle(clients, SETTLE_MS + BUDGET_MS * options.scale);
  over.abort();
  await clients.ended;
  await cleanUp(system, CLEANUP_MS + BUDGET_MS * options.scale);
  const settledAfterSeconds = (now() - settlingSince) / 1000;
  say(`settled after ${settledAfterSeconds.toFixed(0)} s; auditing`);
  const audit = auditRun(clients, await readFinalState(system), reference);
  for (const finding of audit.findings) {
    say(`finding: ${finding.kind} ${finding.job ?? ''} ${finding.says}`);
    for (const line of whatLogsSay(finding, system.processes)) say(`  ${line}`);
  }
  return {
    faults: happened.map((fault) => judgeFault(fault, jobs, audit)),
    leftOut,
    audit,
    ownEnds: system.processes.flatMap(({ name, ownEnds }) => ownEnds.map((end) => `${name}: ${end}`)),
    settledAfterSeconds,
  };
}

/** Waits until each client has what it wanted, or none was told of an end for `patienceMs`. */
async function settle(clients: ReturnType<typeof runClients>, patienceMs: number): Promise<void> {
  let isOver = false;
  clients.ended.then(() => {
    isOver = true;
  });
  const told = (): number =>
    clients.jobs.filter(({ endsTold, deletion }) => endsTold.length > 0 || deletion === 'done').length;
  for (let before = -1, since = performance.now(); !isOver && performance.now() - since < patienceMs; ) {
    if (told() !== before) since = performance.now();
    before = told();
    await Promise.race([clients.ended, pause(LOOK_MS)]);
  }
}

/**
 * Waits, for a while, until nothing is queued any more and no object is nobody's: sweeps clean up what has ended, and after the budget
 * of an outage what submissions to processes that were killed have left.
 */
async function cleanUp(system: ChaosSystem, patienceMs: number): Promise<void> {
  const client = new StyleFlowClient({ api: system.apis[0] ?? '' });
  for (const since = performance.now(); performance.now() - since < patienceMs; ) {
    try {
      const jobs = await listJobs(client);
      const isCalm =
        jobs.every(({ status }) => isEnded(status)) && (await queueEntries(system.redis.port)).length === 0;
      if (isCalm && (await orphanedObjects(system, jobs)).length === 0) return;
    } catch {
      // Still recovering.
    }
    await pause(1_000);
  }
}
