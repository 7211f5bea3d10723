import { metrics } from '@styleflow/runtime';
import { probeKey } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

/** How far the clocks of Redis and of the object store may be apart. Nothing is deleted on the word of either beyond that. */
const AGREEMENT_MS = 5 * 60_000;

const PROBE_KEY = probeKey('clock');

/** The same moment by both clocks, ms since the epoch. */
export interface AgreedTime {
  readonly redis: number;
  readonly store: number;
}

/**
 * The time by which retention goes: Redis's, which noted the ends of jobs, and the store's, which noted when uploads were
 * written. This process's own clock does not count. Each clock vouches for the other: null, an error in the log and a metric that
 * raises an alert, when they are more than five minutes apart, since then one of them is wrong and nobody can tell which.
 * @throws JobError when one of the two is away.
 */
export async function agreeOnTime({ clock, store, logger }: SweepPorts): Promise<AgreedTime | null> {
  await store.put(PROBE_KEY, '', 'application/octet-stream');
  const probe = await store.head(PROBE_KEY);
  const redis = await clock.read();
  await store.delete([PROBE_KEY]);
  // Somebody else swept at the same time and was first to delete it.
  if (probe === null) return null;
  const storeTime = probe.modifiedAt.getTime();
  const apartMs = storeTime - redis;
  const isAgreed = Math.abs(apartMs) <= AGREEMENT_MS;
  metrics.clocksCompared(apartMs / 1000, isAgreed);
  if (isAgreed) return { redis, store: storeTime };
  logger.error(
    { redis: new Date(redis), store: new Date(storeTime), apartSeconds: Math.round(apartMs / 1000) },
    'retention has stopped: the clocks of Redis and of the object store disagree; it goes on by itself once they agree',
  );
  return null;
}
