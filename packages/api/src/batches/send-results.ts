import {
  isBatchOver,
  JobError,
  NEXT_CURSOR_HEADER,
  RESULT_COLUMNS,
  type ResultsQuerySchema,
} from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { releaseSignal } from '../http/release-signal.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { resultRows } from './batch-rows.js';
import { cursorAt, startOf } from './result-cursor.js';
import { type RowFormat, rowFormat } from './row-format.js';
import { writeLines, writeText } from './send-rows.js';

/** `GET /v1/batches/{id}/results`. */
export async function sendResults(
  ports: ApiPorts,
  batch: BatchRecord,
  query: z.infer<typeof ResultsQuerySchema>,
  request: Request,
  response: Response,
): Promise<void> {
  const from = startOf(batch, query.cursor);
  const format = rowFormat(request, query, RESULT_COLUMNS, query.cursor !== undefined);
  const isFollowing = query.follow === 'true';
  const end = await ports.batches.firstUnfinished(batch.id, from);
  response.status(200).set({
    'Content-Type': format.contentType,
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  const isComplete = isBatchOver(batch.status) && end >= batch.counts.total;
  if (!isFollowing && !isComplete) response.set(NEXT_CURSOR_HEADER, cursorAt(batch, Math.max(from, end)));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  const signal = releaseSignal(response, ports.stopping);
  if (!(await writeText(response, format.header, signal))) return;
  if (isFollowing) await follow(ports, batch, { from, format }, response, signal);
  else await writeLines(response, printed(resultRows(ports, batch, from, end), format), signal);
  response.end();
}

/** Writes what has ended, waits for more, and goes on until the batch is over. */
async function follow(
  { batches, store, batchChanges, settings }: ApiPorts,
  first: BatchRecord,
  { from, format }: { readonly from: number; readonly format: RowFormat },
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  let at = from;
  for (;;) {
    // Listens before it looks, so that no end is missed.
    const enough = new AbortController();
    const change = batchChanges.waitForChange(first.id, settings.heartbeatMs, AbortSignal.any([signal, enough.signal]));
    change.catch(() => undefined);
    try {
      const batch = await batches.read(first.id);
      if (batch === null || batch.isDeleting) throw new JobError('gone', 'The batch was deleted meanwhile.');
      if (batch.round !== first.round) throw new JobError('conflict', 'The batch was retried meanwhile.');
      const end = await batches.firstUnfinished(first.id, at);
      if (!(await writeLines(response, printed(resultRows({ batches, store }, batch, at, end), format), signal)))
        return;
      at = Math.max(at, end);
      if (isBatchOver(batch.status) && at >= batch.counts.total) return;
      const isChange = await change;
      if (signal.aborted) return;
      if (!isChange && format.heartbeat !== null) await writeText(response, format.heartbeat, signal);
    } finally {
      enough.abort();
    }
  }
}

export async function* printed(rows: AsyncIterable<object>, { print }: RowFormat): AsyncGenerator<string, void> {
  for await (const row of rows) yield print(row);
}
