import { createWriteStream, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Batch } from '@styleflow/client';
import { type BatchId, itemJobId, type ResultRow } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { megabytes, peakResidentBytes } from '../peak-memory.js';
import { auditCanceled } from './audit-canceled.js';
import { auditNothingLeft, auditRemains } from './audit-remains.js';
import { type BatchSystem, startBatchSystem } from './batch-system.js';
import { redisSize } from './read-redis.js';
import { whenSettled } from './settle-remains.js';
import { startVideoSite, type VideoSite } from './small-videos.js';

const PATIENCE_MS = 60 * 60_000;
/** It is canceled once so many items have ended, a third of them failed. */
const ENDED_BEFORE = 60;
const FAULTY_LINES = 10;
/**
 * What a canceled batch may add to Redis: its own few keys, and for an item that became a job the place among the archived ones and one
 * of its part's row. Of a million unstarted ones a tenth of a byte each would be seen.
 */
const OWN_BYTES = 50_000;
const BYTES_A_JOB = 1_000;

interface Finding {
  readonly kind: string;
  readonly says: string;
}

/**
 * A manifest of a million lines: from its upload until it runs; canceled in the middle, then everything that it promises to keep is read
 * and everything that must not stay is looked for; deleted, and looked for again. A finding makes the exit code 1.
 */
export async function benchMillionLines(say: (line: string) => void, lines: number): Promise<Record<string, unknown>> {
  const site = await startVideoSite();
  const system = await startBatchSystem({ cpuWorkers: 1 });
  const pids = { api: system.api.pid, cpuWorker: system.cpuWorkers[0]?.pid ?? -1, redis: system.redis.pid };
  const peaks = Object.entries(pids).map(([name, pid]) => [name, peakResidentBytes(pid)] as const);
  const { batches, uploads } = system.clientOf('many');
  try {
    const faulty = Array.from({ length: FAULTY_LINES }, (_, n) => Math.floor((n * lines) / FAULTY_LINES));
    const path = join(system.folder, 'manifest.csv');
    await pipeline(Readable.from(manifest(site, lines, new Set(faulty))), createWriteStream(path));
    const before = await redisSize(system.redis);
    const { uploadId } = await uploads.send(await openAsBlob(path));
    say('the manifest is uploaded');
    const startedAt = performance.now();
    const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
    const { id } = await batches.create({ uploadId }, { skipInvalid: true });
    const accepted = seconds();
    say(`202 after ${accepted} s`);
    const look = async (what: string, isSo: (batch: Batch) => boolean): Promise<Batch> =>
      until(what, async () => ofInterest(await batches.get(id), isSo), { timeoutMs: PATIENCE_MS });
    await look('it runs', ({ status }) => status === 'running');
    const running = seconds();
    const whileRunning = await redisSize(system.redis);
    say(`running after ${running} s`);
    await look(
      'items have ended',
      ({ counts }) => counts.succeeded + counts.failed >= Math.min(ENDED_BEFORE, lines / 4),
    );
    const toldBefore: ResultRow[] = [];
    for await (const row of batches.results(id)) toldBefore.push(row);
    await batches.cancel(id);
    const canceled = await look('it is canceled', ({ status }) => status === 'canceled');
    const canceledAfter = seconds();
    const readAt = performance.now();
    const bytes = await countBytes((await batches.exportResults(id)).bytes);
    const readSeconds = Math.round((performance.now() - readAt) / 100) / 10;
    say(`canceled after ${canceledAfter} s; all rows are read in ${readSeconds} s`);

    const audit = await auditCanceled(
      { batch: canceled, toldBefore, faultyLines: faulty.map((n) => n + 2), idOf: idsWithout(faulty) },
      batches.results(id) as AsyncIterable<ResultRow>,
      batches.errors(id),
    );
    say(`${JSON.stringify(audit.rows)}, error file ${JSON.stringify(audit.errorRows)}`);
    const kept = await whenSettled(system, (remains) =>
      auditRemains(remains, {
        batch: id as BatchId,
        admitted: canceled.admitted,
        hasResult: (index) => audit.hasResult.has(index),
        others: new Set(),
      }),
    );
    const afterCancel = await redisSize(system.redis);
    const allowed = OWN_BYTES + BYTES_A_JOB * canceled.admitted;
    const grown = afterCancel.bytes - before.bytes;
    const findings: Finding[] = [
      ...audit.findings,
      ...kept.findings,
      ...(grown <= allowed
        ? []
        : [{ kind: 'left-memory', says: `Redis grew by ${grown} bytes; ${allowed} are allowed` }]),
    ];

    await batches.delete(id);
    // For its owner it is gone at once; its objects follow.
    const deletion = await whenSettled(system, (remains) => auditNothingLeft(remains, id as BatchId));
    findings.push(...deletion.findings, ...(await stillTold(system, canceled)));
    const afterDeletion = await redisSize(system.redis);
    say(`deleted after ${seconds()} s`);
    for (const { kind, says } of findings.slice(0, 20)) say(`finding: ${kind}: ${says}`);
    if (findings.length > 0) process.exitCode = 1;
    return {
      rows: canceled.rowsRead,
      secondsUntil: { accepted, running, canceled: canceledAfter, deleted: seconds() },
      counts: canceled.counts,
      admitted: canceled.admitted,
      toldBeforeTheCancel: toldBefore.length,
      results: { ...audit.rows, seconds: readSeconds, megabytes: megabytes(bytes) },
      errorFile: audit.errorRows,
      objects: {
        afterCancel: countKinds(kept.remains.objects),
        afterDeletion: countKinds(deletion.remains.objects),
      },
      peakMegabytes: Object.fromEntries(peaks.map(([name, peak]) => [name, peak.stop()])),
      redisKeys: {
        ...{ before: before.keys, whileRunning: whileRunning.keys },
        ...{ afterCancel: afterCancel.keys, afterDeletion: afterDeletion.keys },
      },
      redisKilobytes: {
        whileRunning: Math.round((whileRunning.bytes - before.bytes) / 1000),
        afterCancel: Math.round(grown / 1000),
        afterDeletion: Math.round((afterDeletion.bytes - before.bytes) / 1000),
      },
      findings: findings.length,
      eachFinding: findings.slice(0, 200).map(({ kind, says }) => `${kind}: ${says}`),
    };
  } finally {
    for (const [, peak] of peaks) peak.stop();
    await system.stop();
    await site.stop();
  }
}

const ofInterest = (batch: Batch, isSo: (batch: Batch) => boolean): Batch | null => (isSo(batch) ? batch : null);

const idOfLine = (line: number): string => `item ${line}`;

/** Two of three lines name small videos without a face and the third bytes that are none: what is measured is the batch, not its videos. */
function* manifest(site: VideoSite, lines: number, faulty: ReadonlySet<number>): Generator<string, void> {
  yield 'source,id,truth_label,shelf\n';
  const PIECE = 1_000;
  for (let from = 0; from < lines; from += PIECE) {
    const texts = Array.from({ length: Math.min(PIECE, lines - from) }, (_, step) => {
      const line = from + step;
      const { url } = site.sourceOf(line % 3 === 2 ? 'no-video' : 'faceless', line);
      return `${faulty.has(line) ? 'ftp://nowhere' : url},${idOfLine(line)},fake,7\n`;
    });
    yield texts.join('');
  }
}

/** The ids of items: lines with a fault are none. */
function idsWithout(faulty: readonly number[]): (index: number) => string {
  return (index) => {
    let line = index;
    for (const each of faulty) if (each <= line) line += 1;
    return idOfLine(line);
  };
}

async function countBytes(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

/** `batches/items`, `batches/rows`, `jobs`, …, by how many there are. */
function countKinds(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) {
    const [first = '', , third = ''] = key.split('/');
    const kind = first === 'batches' ? `${first}/${third}` : first;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Whatever the API still tells of a batch that was deleted. */
async function stillTold({ url, keyOf }: BatchSystem, { id }: Batch): Promise<Finding[]> {
  const findings: Finding[] = [];
  const job = itemJobId(id as BatchId, 0);
  const batch = `/v1/batches/${id}`;
  for (const path of [batch, `${batch}/results`, `${batch}/errors`, `/v1/jobs/${job}`, `/v1/jobs/${job}/result`]) {
    const { status } = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${keyOf('many')}` } });
    if (status !== 404 && status !== 410) findings.push({ kind: 'still-told', says: `${path} answers ${status}` });
  }
  return findings;
}
