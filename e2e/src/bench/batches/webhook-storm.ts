import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isEnded } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { until } from '@styleflow/testing';
import { auditDeliveries, type EndedJob } from './audit-deliveries.js';
import { type BatchSystem, startBatchSystem } from './batch-system.js';
import { type SourceKind, startVideoSite, type VideoSite } from './small-videos.js';
import {
  HUNG_PERCENT,
  MOST_FAILURES_OF_AN_EVENT,
  REFUSED_PERCENT,
  startWebhookTarget,
  type WebhookTarget,
} from './webhook-target.js';

export interface WebhookStormOptions {
  readonly jobs: number;
  readonly seed: number;
}

const AT_ONCE = 16;
const AWAY_MS = 6_000;
/** When the target goes away, as shares of the events that it has taken. */
const AWAY_AT = [0.25, 0.6];
/** An event that was unlucky waits five minutes and then half an hour. */
const PATIENCE_MS = 50 * 60_000;
const LOOK_MS = 500;
const SAY_EVERY_LOOKS = 120;

/** Many ends for a target that refuses, is away and hangs; then an audit of the calls that it got. A finding makes the exit code 1. */
export async function benchWebhookStorm(
  say: (line: string) => void,
  { jobs: count, seed }: WebhookStormOptions,
): Promise<Record<string, unknown>> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const site = await startVideoSite();
  const target = await startWebhookTarget(secret, seed);
  const system = await startBatchSystem();
  const abort = new AbortController();
  try {
    const startedAt = performance.now();
    const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
    const operator = system.clientOf('operator');
    await operator.pauseQueue('prepare');
    const ids = await submitAll(system, site, { url: target.url, secret }, count);
    say(`${count} jobs are submitted after ${seconds()} s, and end now`);
    const outages = goAwayTwice(target, count, abort.signal, say);
    await operator.resumeQueue('prepare');
    const jobs = await endsOf(system, ids);
    const ended = seconds();
    say(`all have ended after ${ended} s; the target took ${takenOf(target)} events`);
    await untilAllTaken(target, count, say);
    abort.abort();
    await outages;
    const { findings, ...figures } = auditDeliveries(jobs, target.calls);
    const logged = await pendingInLog(system, ids);
    for (const { kind, says } of findings.slice(0, 20)) say(`finding: ${kind}: ${says}`);
    if (findings.length > 0 || logged > 0) process.exitCode = 1;
    const share = (answer: string): number =>
      Math.round((target.calls.filter((call) => call.answer === answer).length / target.calls.length) * 1000) / 10;
    return {
      jobs: count,
      seed,
      ends: countEach(jobs.map(({ status }) => status)),
      drawnPercent: { refused: REFUSED_PERCENT, hung: HUNG_PERCENT },
      mostFailuresOfAnEvent: MOST_FAILURES_OF_AN_EVENT,
      answeredPercent: { taken: share('taken'), refused: share('refused'), hung: share('hung') },
      awaySeconds: AWAY_AT.map(() => AWAY_MS / 1000),
      ...figures,
      secondsUntil: { ended, allTaken: seconds() },
      notDeliveredByTheLog: logged,
      findings: findings.length,
      eachFinding: findings.slice(0, 200).map(({ kind, says }) => `${kind}: ${says}`),
    };
  } finally {
    abort.abort();
    await system.stop();
    await target.stop();
    await site.stop();
  }
}

/** Or until the patience ends: what is missing then is a finding. */
async function untilAllTaken(target: WebhookTarget, count: number, say: (line: string) => void): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let look = 1; takenOf(target) < count && performance.now() < deadline; look += 1) {
    await pause(LOOK_MS);
    if (look % SAY_EVERY_LOOKS === 0)
      say(`${takenOf(target)} of ${count} events are taken, ${target.calls.length} calls`);
  }
}

const takenOf = ({ calls }: WebhookTarget): number =>
  new Set(calls.filter(({ answer }) => answer === 'taken').map(({ id }) => id)).size;

/** Of five jobs one succeeds, one fails and three are canceled before they start, which costs little. */
const ENDS: readonly (SourceKind | 'canceled')[] = ['canceled', 'faceless', 'canceled', 'no-video', 'canceled'];

async function submitAll(
  { clientOf }: BatchSystem,
  site: VideoSite,
  webhook: { readonly url: string; readonly secret: string },
  count: number,
): Promise<string[]> {
  const { jobs } = clientOf('many');
  return mapBounded(
    Array.from({ length: count }, (_, n) => n),
    AT_ONCE,
    async (n) => {
      const end = ENDS[n % ENDS.length] ?? 'canceled';
      const { url } = site.sourceOf(end === 'canceled' ? 'faceless' : end, n);
      const { id } = await jobs.submitUrl(url, { webhook });
      if (end === 'canceled') await jobs.cancel(id);
      return id;
    },
  );
}

async function goAwayTwice(
  target: WebhookTarget,
  count: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  for (const share of AWAY_AT) {
    while (!signal.aborted && takenOf(target) < share * count) await pause(200);
    if (signal.aborted) return;
    say(`the target goes away for ${AWAY_MS / 1000} s, ${takenOf(target)} events taken`);
    await target.goAway(AWAY_MS);
  }
}

async function endsOf({ clientOf }: BatchSystem, ids: readonly string[]): Promise<EndedJob[]> {
  const { jobs } = clientOf('many');
  return mapBounded(ids, AT_ONCE, async (id) => {
    const job = await until(
      `${id} has ended`,
      async () => {
        const now = await jobs.get(id);
        return isEnded(now.status) ? now : null;
      },
      { timeoutMs: PATIENCE_MS },
    );
    return { id, run: 1, status: job.status };
  });
}

/** Jobs whose own log does not say `delivered`. */
async function pendingInLog({ clientOf }: BatchSystem, ids: readonly string[]): Promise<number> {
  const { jobs } = clientOf('many');
  const statuses = await mapBounded(ids, AT_ONCE, async (id) =>
    (await jobs.deliveries(id)).map(({ status }) => status),
  );
  return statuses.filter((all) => all.length !== 1 || all[0] !== 'delivered').length;
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
