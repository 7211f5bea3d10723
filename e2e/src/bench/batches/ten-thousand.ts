import { setTimeout as pause } from 'node:timers/promises';
import { type BatchId, isEnded } from '@styleflow/contracts';
import { groupBy } from '../../chaos/audit.js';
import { auditRemains } from './audit-remains.js';
import { auditRows, type SubmittedItem } from './audit-rows.js';
import { type BatchSystem, startBatchSystem } from './batch-system.js';
import { followBatch } from './follow-batch.js';
import { killByProgress } from './kill-by-progress.js';
import { loadBesideBatch, type Posted } from './load-beside-batch.js';
import { redisSize } from './read-redis.js';
import { csvLines, storedRows } from './read-rows.js';
import { whenSettled } from './settle-remains.js';
import { SHARES, startVideoSite, type VideoSite } from './small-videos.js';
import { pidOf, watchProcesses } from './watch-processes.js';

export interface TenThousandOptions {
  readonly items: number;
  /** Of each process. */
  readonly kills: number;
  /** Requests a second beside the batch, for a minute; 0: none. */
  readonly requests: number;
  readonly seed: number;
  /** A folder with the ffmpeg and ffprobe of the CPU workers; default: those of the machine. */
  readonly tools?: string | undefined;
}

/** A killed worker's entries are taken over after once to twice this. */
const LOCK_SECONDS = '10';
/** Nobody knows how fast the machine is; a batch that gets no further in this time for each item has not ended. */
const PATIENCE_MS = 10 * 60_000;
const PATIENCE_MS_AN_ITEM = 3_000;

/**
 * One batch of many small videos while API, workers and Redis are killed, then an audit of what the API, the store and Redis have of it;
 * with requests, also an open-loop load and two jobs of other owners in its middle. A finding makes the exit code 1.
 */
export async function benchTenThousand(
  say: (line: string) => void,
  options: TenThousandOptions,
): Promise<Record<string, unknown>> {
  const { items: count, requests } = options;
  const site = await startVideoSite();
  // Beside requests clips must queue, so that there are turns to be seen.
  const device = requests > 0 ? '0+250' : '2+20';
  const { tools } = options;
  const env = { STYLEFLOW_LOCK_SECONDS: LOCK_SECONDS, ...(tools && { PATH: `${tools}:${process.env.PATH}` }) };
  const system = await startBatchSystem({ device, env });
  const watch = watchProcesses(system);
  const stop = new AbortController();
  try {
    const items = Array.from({ length: count }, (_, n) => submittedItem(site, n));
    const before = await redisSize(system.redis);
    const client = system.clientOf('many');
    const submittedAt = performance.now();
    const { id } = await client.batches.create({ ndjson: items.map(printItem).join('') });
    const acceptedSeconds = (performance.now() - submittedAt) / 1000;
    say(`${count} items, 202 after ${acceptedSeconds.toFixed(2)} s`);

    let progress = 0;
    let isLoading = false;
    let isKilling = false;
    const kills = killByProgress(
      system,
      {
        ...options,
        progress: () => progress,
        isHeld: () => isLoading,
        onKilling: (is) => (isKilling = is),
        signal: stop.signal,
      },
      say,
    );
    const load = requests === 0 ? null : loadInTheMiddle();
    async function loadInTheMiddle() {
      while (progress < 0.2 && !stop.signal.aborted) await pause(200);
      isLoading = true;
      while (isKilling) await pause(200);
      try {
        return await loadBesideBatch({ system, site, perSecond: requests, batch: id as BatchId }, say);
      } finally {
        isLoading = false;
      }
    }
    let saidTenths = 0;
    const followed = await followBatch(client, {
      ...{ id, submittedAt, timeoutMs: PATIENCE_MS + PATIENCE_MS_AN_ITEM * count },
      onLook: ({ counts }) => {
        const ended = counts.succeeded + counts.failed + counts.canceled;
        progress = ended / count;
        if (Math.floor(progress * 10) <= saidTenths) return;
        saidTenths = Math.floor(progress * 10);
        const seconds = (performance.now() - submittedAt) / 1000;
        say(`${ended} of ${count} ended after ${seconds.toFixed(0)} s, ${(ended / seconds).toFixed(2)} a second`);
      },
    });
    const loaded = await load;
    stop.abort();
    const killed = await kills;

    const others = await endOthers(system, loaded?.posted ?? [], loaded?.unanswered ?? 0);
    const { peakMegabytes, cpuSeconds } = watch.stop();
    const isOther = new Set(others.ids);
    const left = await whenSettled(system, (remains) =>
      auditRemains(remains, {
        batch: followed.batch.id as BatchId,
        admitted: count,
        hasResult: (index) => items[index]?.video.kind !== 'no-video',
        others: isOther,
      }),
    );
    const after = await redisSize(system.redis);
    const findings = [
      ...auditRows(items, {
        ...followed,
        csv: await csvLines(client, id),
        storedRows: await storedRows(system.store, id),
      }),
      ...left.findings,
      ...others.findings,
      ...endedByThemselves(system),
    ];
    for (const { kind, says } of findings.slice(0, 20)) say(`finding: ${kind}: ${says}`);
    if (findings.length > 0) process.exitCode = 1;
    const { seconds } = followed;
    const finishedPerSecond = count / (seconds.over ?? Number.NaN);
    return {
      items: count,
      device: `simulated, ${device} ms a tensor batch + a clip`,
      sharesPercent: SHARES,
      ...(tools && { tools }),
      seconds: { accepted: round(acceptedSeconds), ...seconds },
      itemsPerSecond: {
        judged: round(count / (seconds.running ?? Number.NaN)),
        admitted: round(count / ((seconds.lastAdmitted ?? Number.NaN) - (seconds.running ?? 0))),
        finished: round(finishedPerSecond),
      },
      tenThousandWouldTakeMinutes: round(10_000 / finishedPerSecond / 60),
      kills: killed.length,
      killed,
      peakMegabytes,
      cpuSecondsAnItem: Object.fromEntries(Object.entries(cpuSeconds).map(([name, of]) => [name, round(of / count)])),
      redis: {
        // Beside requests the records of their jobs are in it, too.
        bytesAnEndedItem: requests > 0 ? null : Math.round((after.bytes - before.bytes) / count),
        keysBefore: before.keys,
        keysAfter: after.keys,
        turnsLeft: left.remains.redis.turns.length,
      },
      results: { rows: followed.rows.length, pages: followed.pages, brokenPages: followed.brokenPages },
      ...(loaded === null ? {} : { requests: loaded.figures }),
      findings: findings.length,
      findingsByKind: Object.fromEntries(
        [...groupBy(findings, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]),
      ),
      eachFinding: findings.slice(0, 200).map(({ kind, says }) => `${kind}: ${says}`),
    };
  } finally {
    stop.abort();
    watch.stop();
    await system.stop();
    await site.stop();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

function submittedItem(site: VideoSite, n: number): SubmittedItem {
  const { url, ...video } = site.source(n);
  return { id: `item-${n}`, source: url, video };
}

const printItem = ({ id, source, video }: SubmittedItem): string =>
  `${JSON.stringify({ source, id, group: video.name })}\n`;

/** Waits for the jobs beside the batch: each that was accepted must be there and end. */
async function endOthers(
  { clientOf }: BatchSystem,
  told: readonly Posted[],
  unanswered: number,
): Promise<{ ids: string[]; findings: { kind: string; says: string }[] }> {
  const findings: { kind: string; says: string }[] = [];
  const known = new Set(told.map(({ id }) => id));
  const untold: Posted[] = [];
  for await (const { id } of clientOf('crowd').jobs.list()) if (!known.has(id)) untold.push({ owner: 'crowd', id });
  // A POST that got no answer may have made a job, and no more than one.
  if (untold.length > unanswered) {
    findings.push({ kind: 'untold-job', says: `${untold.length} jobs of ${unanswered} requests without an answer` });
  }
  const posted = [...told, ...untold];
  const deadline = performance.now() + PATIENCE_MS + PATIENCE_MS_AN_ITEM * posted.length;
  for (const { owner, id } of posted) {
    const client = clientOf(owner);
    for (;;) {
      const job = await client.jobs.get(id).catch((error: unknown) => String(error));
      if (typeof job === 'string') findings.push({ kind: 'lost-job', says: `${id} was accepted: ${job}` });
      else if (job.status === 'failed') findings.push({ kind: 'failed-job', says: `${id}: ${job.error?.code}` });
      else if (!isEnded(job.status) && performance.now() < deadline) {
        await pause(200);
        continue;
      } else if (!isEnded(job.status)) findings.push({ kind: 'unended-job', says: `${id} is ${job.status}` });
      break;
    }
  }
  return { ids: posted.map(({ id }) => id), findings };
}

/** A process that is gone and was not killed. */
function endedByThemselves({ api, cpuWorkers, gpuWorker }: BatchSystem): { kind: string; says: string }[] {
  return [api, ...cpuWorkers, gpuWorker].flatMap((each) => {
    const pid = pidOf(each);
    const isThere = pid > 0 && isAlive(pid);
    return isThere ? [] : [{ kind: 'ended-by-itself', says: `${each.name}: ${each.lines.slice(-2).join(' | ')}` }];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
