import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StyleFlowClient } from '@styleflow/client';
import { isEnded } from '@styleflow/contracts';
import { type LoopbackServer, makeVideo, pickFrom, seededRandom, startHttpServer, type VideoRecipe } from '@styleflow/testing';
import { comparable } from '../system/comparable-result.js';
import { type Audit, auditRun } from './audit.js';
import { type ChaosSystem, startChaosSystem } from './chaos-system.js';
import type { CreateLog, JobLog } from './client-log.js';
import { createJob, type Way } from './create-job.js';
import type { Fault } from './fault.js';
import { type ScheduledFault, scheduleFaults } from './fault-schedule.js';
import { FAULTS } from './faults/index.js';
import { followJob, type Intent } from './follow-job.js';
import { listJobs, queueEntries, readFinalState } from './read-final-state.js';

export interface ChaosOptions {
  readonly seed: number;
  /** Of load and faults; the undisturbed run before and the settling after come on top. */
  readonly minutes: number;
  readonly jobs: number;
  /** Scales the outage budget, the length of locks and the longest outage (10 minutes). */
  readonly scale: number;
  readonly store: 's3' | 'file';
  /** Ids of the faults that may come; empty: all. */
  readonly faults: readonly string[];
}

/** What became of one fault. */
export interface FaultOutcome {
  readonly id: string;
  readonly says: string;
  readonly promise: string;
  readonly atSeconds: number;
  readonly lastedSeconds: number;
  /** From its end to the next end of a job that a client was told of; null when none came after it. */
  readonly recoverySeconds: number | null;
  readonly endedMeanwhile: number;
  /** Kinds of findings whose job was under way while it lasted, or shortly after. Other faults may have been the cause. */
  readonly findings: Readonly<Record<string, number>>;
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

const LONGEST_OUTAGE_MS = 600_000;
/** Four that differ in face, length and count of clips; one without a face. Small, for hundreds of jobs on two cores. */
const VIDEOS: readonly VideoRecipe[] = [
  { people: ['cap12_edit'], frames: 20 },
  { people: ['franck'], frames: 24 },
  { people: ['cap13_edit2'], frames: 68, startSeconds: 2 },
  { people: [], frames: 16 },
];
const WAYS: readonly Way[] = ['url', 'url', 'url', 'upload', 'multipart'];
/** Out of twenty clients. */
const INTENTS: readonly Intent[] = [...Array<Intent>(16).fill('wait'), 'cancel', 'cancel', 'delete-running', 'delete-ended'];
/** Beyond the budget of outages something must have been decided. */
const SETTLE_MS = 120_000;

/** Says which faults a run with these options would make, and when: the same options, the same schedule. */
export function planFaults(options: ChaosOptions, available: readonly Fault[]): ScheduledFault[] {
  return scheduleFaults({
    seed: options.seed,
    totalMs: options.minutes * 60_000,
    longestMs: LONGEST_OUTAGE_MS * options.scale,
    faults: available.map(({ id, longestSeconds }) => ({
      id,
      ...(longestSeconds === undefined ? {} : { longestMs: Math.max(5_000, longestSeconds * 1000 * options.scale) }),
    })),
  });
}

/** Runs the whole system under load and faults, lets it settle, and compares what clients were told with what there is. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosOutcome> {
  const videos = await Promise.all(VIDEOS.map(async (recipe) => readFile(await makeVideo(recipe))));
  const site = await startHttpServer((request, response) => {
    response.end(videos[Number(request.url?.slice(1))] ?? '');
  });
  const system = await startChaosSystem(options);
  try {
    const reference = await runUndisturbed(system, site, videos.length);
    say(`undisturbed: ${videos.length} videos have their results`);
    return await disturb(system, options, { videos, site, reference }, say);
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

interface Stage {
  readonly videos: readonly Buffer[];
  readonly site: LoopbackServer;
  readonly reference: readonly unknown[];
}

async function disturb(
  system: ChaosSystem,
  options: ChaosOptions,
  { videos, site, reference }: Stage,
  say: (line: string) => void,
): Promise<ChaosOutcome> {
  const { available, leftOut } = chooseFaults(system, options);
  for (const [id, reason] of Object.entries(leftOut)) say(`left out: ${id} (${reason})`);
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const creates: CreateLog[] = [];
  const jobs: JobLog[] = [];
  const over = new AbortController();
  const totalMs = options.minutes * 60_000;

  const runClient = async (n: number): Promise<void> => {
    const random = seededRandom(options.seed, `client ${n}`);
    await pause((n / options.jobs) * totalMs * 0.95);
    const video = Math.floor(random() * videos.length);
    const file = videos[video] ?? Buffer.alloc(0);
    const token = `s${options.seed}-${n}`;
    const callers = { apis: system.apis, random, signal: over.signal };
    const wish = { token, way: pickFrom(WAYS, random), video, url: `${site.url}/${video}`, file, isKeyed: random() < 0.5 };
    const intent = pickFrom(INTENTS, random);
    let last = token;
    const id = await createJob(wish, callers, (create) => {
      creates.push(create);
      last = create.token;
    });
    if (id === null) return;
    const log: JobLog = {
      id,
      token: last,
      acceptedAtMs: now(),
      endsTold: [],
      firstEndAtMs: null,
      goneTold: 0,
      cancel: 'no',
      deletion: 'no',
    };
    jobs.push(log);
    if (!intent.startsWith('delete')) damageable.add(log);
    await followJob(log, intent, callers, now);
  };
  const damageable = new Set<JobLog>();
  system.mayDamage = () => [...damageable].filter(({ endsTold }) => endsTold.length === 0).map(({ id }) => id);

  const clients = Promise.all(Array.from({ length: options.jobs }, (_, n) => runClient(n)));
  const timeline = await makeFaults(system, planFaults(options, available), now, say);
  await Promise.race([pause(Math.max(0, totalMs - now())), clients]);
  say(`load and faults are over; ${jobs.filter(({ endsTold }) => endsTold.length > 0).length} jobs have ended`);
  const settlingSince = performance.now();
  await Promise.race([clients, pause(SETTLE_MS + 15 * 60_000 * options.scale, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
  await clients;
  await settle(system);
  const settledAfterSeconds = (performance.now() - settlingSince) / 1000;
  say(`settled after ${settledAfterSeconds.toFixed(0)} s; auditing`);
  const audit = auditRun({ creates, jobs }, await readFinalState(system), reference);
  return {
    faults: timeline.map((fault) => judgeFault(fault, jobs, audit)),
    leftOut,
    audit,
    ownEnds: system.processes.flatMap(({ name, ownEnds }) => ownEnds.map((end) => `${name}: ${end}`)),
    settledAfterSeconds,
  };
}

function chooseFaults(system: ChaosSystem, { faults: wanted, store }: ChaosOptions) {
  const leftOut: Record<string, string> = {};
  const available = FAULTS.filter((fault) => {
    if (wanted.length > 0 && !wanted.includes(fault.id)) return false;
    const reason =
      fault.store !== undefined && fault.store !== store
        ? `of a store that is ${fault.store === 'file' ? 'a folder' : 'an S3 server'}`
        : fault.unavailable?.(system);
    if (typeof reason !== 'string') return true;
    leftOut[fault.id] = reason;
    return false;
  });
  return { available, leftOut };
}

interface HappenedFault {
  readonly fault: Fault;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

async function makeFaults(
  system: ChaosSystem,
  schedule: readonly ScheduledFault[],
  now: () => number,
  say: (line: string) => void,
): Promise<HappenedFault[]> {
  const happened: HappenedFault[] = [];
  for (const { id, atMs, lastsMs, seed } of schedule) {
    const fault = FAULTS.find((each) => each.id === id);
    if (fault === undefined) continue;
    await pause(Math.max(0, atMs - now()));
    const beganAtMs = now();
    say(`${(beganAtMs / 1000).toFixed(0)} s: ${fault.says}, for ${(lastsMs / 1000).toFixed(0)} s`);
    const end = await fault.begin(system, seededRandom(seed, id));
    await pause(lastsMs);
    await end();
    happened.push({ fault, beganAtMs, endedAtMs: now() });
  }
  return happened;
}

/** Waits, for a while, until nothing is queued any more: cleaning up takes some sweeps. */
async function settle({ apis, redis }: ChaosSystem): Promise<void> {
  const client = new StyleFlowClient({ api: apis[0] ?? '' });
  for (let tries = 0; tries < 30; tries += 1) {
    try {
      const jobs = await listJobs(client);
      if (jobs.every(({ status }) => isEnded(status)) && (await queueEntries(redis.port)).length === 0) return;
    } catch {
      // Still recovering.
    }
    await pause(1_000);
  }
}

/** Whoever was under way when it began, or came while it lasted, may owe its finding to it. */
function judgeFault({ fault, beganAtMs, endedAtMs }: HappenedFault, jobs: readonly JobLog[], audit: Audit): FaultOutcome {
  const ends = jobs.flatMap(({ firstEndAtMs }) => firstEndAtMs ?? []).sort((a, b) => a - b);
  const next = ends.find((at) => at >= endedAtMs);
  const met = new Set(
    jobs
      .filter((job) => job.acceptedAtMs <= endedAtMs && (job.firstEndAtMs ?? Number.POSITIVE_INFINITY) >= beganAtMs)
      .map(({ id }) => id),
  );
  const findings: Record<string, number> = {};
  for (const { kind, job } of audit.findings) {
    if (job !== null && met.has(job)) findings[kind] = (findings[kind] ?? 0) + 1;
  }
  return {
    id: fault.id,
    says: fault.says,
    promise: fault.promise,
    atSeconds: beganAtMs / 1000,
    lastedSeconds: (endedAtMs - beganAtMs) / 1000,
    recoverySeconds: next === undefined ? null : (next - endedAtMs) / 1000,
    endedMeanwhile: ends.filter((at) => at >= beganAtMs && at < endedAtMs).length,
    findings,
  };
}
