import { setTimeout as pause } from 'node:timers/promises';
import type { Remains } from './audit-remains.js';
import type { BatchSystem } from './batch-system.js';
import { readRemains } from './read-redis.js';

/** Longer than the sweep and the events of an item take to go. */
const SETTLE_MS = 180_000;
const LOOK_MS = 2_000;

/** Audits what Redis and the store hold until nothing is found, or until nothing of it has gone for three minutes: what is found then stays. */
export async function whenSettled<F>(
  { redis, store }: Pick<BatchSystem, 'redis' | 'store'>,
  audit: (remains: Remains) => readonly F[],
): Promise<{ readonly findings: readonly F[]; readonly remains: Remains }> {
  let fewest = Number.POSITIVE_INFINITY;
  let deadline = 0;
  for (;;) {
    const objects: string[] = [];
    for await (const { key } of store.list('')) objects.push(key);
    const remains = { redis: await readRemains(redis), objects };
    const findings = audit(remains);
    if (findings.length < fewest) deadline = performance.now() + SETTLE_MS;
    fewest = Math.min(fewest, findings.length);
    if (findings.length === 0 || performance.now() > deadline) return { findings, remains };
    await pause(LOOK_MS);
  }
}
