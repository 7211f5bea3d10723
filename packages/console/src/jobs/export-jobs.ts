import type { Job, ListOptions, StyleFlowClient } from '@styleflow/client/browser';
import { jobName } from '../parts/job-name.js';
import { saveFile } from '../parts/save-file.js';

const PAGE = 200;
const COLUMNS = [
  'id',
  'name',
  'status',
  'verdict',
  'score',
  'threshold',
  'reason',
  'error',
  'batch',
  'created',
  'finished',
] as const;

/** A cell that no spreadsheet takes for a formula. */
export function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvRow(job: Job): string {
  const { id, status, verdict, error, batch, createdAt, finishedAt } = job;
  const cells = [id, jobName(job), status, verdict?.label, verdict?.score, verdict?.threshold, verdict?.reason];
  return [...cells, error?.code, batch, createdAt, finishedAt].map(csvCell).join(',');
}

/** Saves all jobs that fit as a file, page by page. `onCount` is told how many were read; an abort ends it without a file. */
export async function exportJobs(
  client: StyleFlowClient,
  query: ListOptions,
  { format, onCount, signal }: { format: 'csv' | 'ndjson'; onCount: (count: number) => void; signal: AbortSignal },
): Promise<void> {
  const lines = format === 'csv' ? [COLUMNS.join(',')] : [];
  let count = 0;
  for await (const job of client.jobs.list({ ...query, limit: PAGE })) {
    signal.throwIfAborted();
    lines.push(format === 'csv' ? csvRow(job) : JSON.stringify(job));
    count += 1;
    if (count % PAGE === 0) onCount(count);
  }
  const type = format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson';
  saveFile(`jobs.${format}`, new Blob([lines.join(format === 'csv' ? '\r\n' : '\n'), '\n'], { type }));
}
