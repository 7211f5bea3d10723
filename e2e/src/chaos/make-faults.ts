import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@styleflow/testing';
import type { Audit, FindingKind } from './audit.js';
import type { ChaosSystem } from './chaos-system.js';
import type { JobLog } from './client-log.js';
import type { Fault } from './fault.js';
import { type ScheduledFault, scheduleFaults } from './fault-schedule.js';
import { FAULTS } from './faults/index.js';

export interface FaultChoice {
  readonly seed: number;
  readonly minutes: number;
  /** Scales the longest outage (10 minutes). */
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
  /** Kinds of findings whose job ended while it lasted or soon after, or never. Another fault may have been the cause. */
  readonly findings: Readonly<Record<string, number>>;
}

export interface HappenedFault {
  readonly fault: Fault;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

const LONGEST_OUTAGE_MS = 600_000;
const AFTERMATH_MS = 15_000;
const MAY_COME_LATE: ReadonlySet<FindingKind> = new Set(['lost', 'no-result', 'other-result', 'undead', 'left-object']);
const SHORTEST_KILL_MS = 2_000;

/** @throws Error for an id that no fault has. */
export function checkFaultIds(ids: readonly string[]): void {
  const unknown = ids.filter((id) => !FAULTS.some((fault) => fault.id === id));
  if (unknown.length === 0) return;
  throw new Error(`no fault ${unknown.join(', ')}; there are ${FAULTS.map(({ id }) => id).join(', ')}`);
}

/** Those that this run can make, and why it cannot make the others that were asked for. */
export function chooseFaults(system: ChaosSystem, { faults: wanted, store }: FaultChoice) {
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

/** The same choice, the same schedule. */
export function planFaults({ seed, minutes, scale }: FaultChoice, available: readonly Fault[]): ScheduledFault[] {
  return scheduleFaults({
    seed,
    totalMs: minutes * 60_000,
    longestMs: LONGEST_OUTAGE_MS * scale,
    faults: available.map(({ id, longestSeconds }) => ({
      id,
      ...(longestSeconds === undefined ? {} : { longestMs: Math.max(SHORTEST_KILL_MS, longestSeconds * 1000 * scale) }),
    })),
  });
}

/** Makes one fault after the other, at its time. @param now milliseconds since the start of the load. */
export async function makeFaults(
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

/** Whichever job ended while it lasted, or soon after, or never, may owe its finding to it; one that is gone, at any time later. */
export function judgeFault(
  { fault, beganAtMs, endedAtMs }: HappenedFault,
  jobs: readonly JobLog[],
  audit: Audit,
): FaultOutcome {
  const ends = jobs.flatMap(({ firstEndAtMs }) => firstEndAtMs ?? []).sort((a, b) => a - b);
  const next = ends.find((at) => at >= endedAtMs);
  const logs = new Map(jobs.map((job) => [job.id, job]));
  const findings: Record<string, number> = {};
  for (const { kind, job } of audit.findings) {
    const log = job === null ? undefined : logs.get(job);
    if (log === undefined || log.acceptedAtMs > endedAtMs) continue;
    // What was there and is gone may have gone at any time.
    const endedAt = MAY_COME_LATE.has(kind) ? null : log.firstEndAtMs;
    if (endedAt !== null && (endedAt < beganAtMs || endedAt > endedAtMs + AFTERMATH_MS)) continue;
    findings[kind] = (findings[kind] ?? 0) + 1;
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
