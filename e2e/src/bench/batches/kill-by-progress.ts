import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom, shuffled } from '@styleflow/testing';
import type { BatchSystem } from './batch-system.js';

export interface Kill {
  readonly process: string;
  /** Share of the items that had ended. */
  readonly atPercent: number;
  /** From the kill until it was ready again. */
  readonly awaySeconds: number;
}

export interface KillPlan {
  /** Of each process. */
  readonly kills: number;
  readonly seed: number;
  /** Share of the items that have ended, 0 to 1. */
  readonly progress: () => number;
  /** While it answers true nothing is killed. */
  readonly isHeld: () => boolean;
  /** Told when a process is about to be killed, and when it is ready again. */
  readonly onKilling: (isKilling: boolean) => void;
  readonly signal: AbortSignal;
}

const AWAY_MS = 500;
const LOOK_MS = 100;

/** The order in which processes are killed: each so many times, drawn. */
export function killOrder(names: readonly string[], { kills, seed }: Pick<KillPlan, 'kills' | 'seed'>): string[] {
  const all = names.flatMap((name) => Array.from({ length: kills }, () => name));
  return shuffled(all, seededRandom(seed, 'kills'));
}

/** `kill -9` of API, workers and Redis at spread times, each started again at once. Resolves when all were killed, or there is nothing to do. */
export async function killByProgress(
  { api, cpuWorkers, gpuWorker, redis }: BatchSystem,
  plan: KillPlan,
  say: (line: string) => void,
): Promise<Kill[]> {
  const targets = new Map<string, { kill9: () => Promise<void>; again: () => Promise<unknown> }>([
    ['api', { kill9: () => api.kill9(), again: () => api.start() }],
    ...cpuWorkers.map((worker, n) => {
      const target = { kill9: () => worker.kill9(), again: () => worker.start() };
      return [`cpu-worker-${n + 1}`, target] as const;
    }),
    ['gpu-worker', { kill9: () => gpuWorker.kill9(), again: () => gpuWorker.start() }],
    ['redis', { kill9: () => redis.kill9(), again: () => redis.restart() }],
  ]);
  const order = killOrder([...targets.keys()], plan);
  const made: Kill[] = [];
  for (const [n, name] of order.entries()) {
    const due = (n + 1) / (order.length + 1);
    while (!plan.signal.aborted && (plan.progress() < due || plan.isHeld())) await pause(LOOK_MS);
    if (plan.signal.aborted) break;
    const atPercent = Math.round(plan.progress() * 100);
    const startedAt = performance.now();
    plan.onKilling(true);
    await targets.get(name)?.kill9();
    await pause(AWAY_MS);
    await targets.get(name)?.again();
    const awaySeconds = Math.round((performance.now() - startedAt) / 100) / 10;
    plan.onKilling(false);
    made.push({ process: name, atPercent, awaySeconds });
    say(`kill ${made.length} of ${order.length}: ${name} at ${atPercent} %, back after ${awaySeconds} s`);
  }
  return made;
}
