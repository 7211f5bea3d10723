import { type Batch, isBatchOver } from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';

/** Fewer ends than these say nothing of the next ones. */
const FEWEST_ENDS = 5;
const HOUR_MS = 3_600_000;

type Measured = Pick<BatchRecord, 'status' | 'cancelRequested' | 'counts' | 'pace' | 'startedAt'>;

/**
 * What the batch gets of the system, and between which times it may end. The range spans the pace since its start and the present
 * one, each as uncertain as so few ends make it (twice the square root of their number). `nowMs`: by the clock of Redis.
 */
export function paceOf(batch: Measured, nowMs: number): Pick<Batch, 'throughput' | 'eta'> {
  const { succeeded, failed, canceled, total } = batch.counts;
  const ended = succeeded + failed + canceled;
  const spans = [];
  if (batch.startedAt !== null) spans.push({ ends: succeeded + failed, ms: nowMs - Date.parse(batch.startedAt) });
  if (batch.pace !== null) {
    // The pace of long ago is none: what has come since is taken, too.
    const ms = Math.max(batch.pace.toMs, nowMs) - batch.pace.fromMs;
    spans.push({ ends: ended - batch.pace.fromEnded, ms });
  }
  const measured = spans.filter(({ ends, ms }) => ends > 0 && ms > 0);
  const present = measured.at(-1);
  const isOver = isBatchOver(batch.status) || batch.cancelRequested;
  const itemsPerHour = present === undefined || isOver ? null : round((present.ends / present.ms) * HOUR_MS);
  const told = measured.filter(({ ends }) => ends >= FEWEST_ENDS);
  if (isOver || told.length === 0 || ended >= total) return { throughput: { itemsPerHour }, eta: null };
  const fastest = Math.max(...told.map(({ ends, ms }) => (ends + 2 * Math.sqrt(ends)) / ms));
  // Of five ends twice the root is nearly all of them: then they may well take five times as long.
  const slowest = Math.min(...told.map(({ ends, ms }) => Math.max(ends - 2 * Math.sqrt(ends), ends / 5) / ms));
  const at = (perMs: number): string => new Date(nowMs + (total - ended) / perMs).toISOString();
  return { throughput: { itemsPerHour }, eta: { from: at(fastest), to: at(slowest) } };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
