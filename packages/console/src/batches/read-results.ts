import type { Batch, ResultRow, StyleFlowClient } from '@styleflow/client/browser';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useAccess } from '../session/server-data.js';

/** Rows that a page holds: about 300 bytes each. A larger batch is exported. */
export const ROWS_HELD = 20_000;
const REFRESH_MS = 15_000;

/** The rows of a batch that have ended, in the order of its manifest, up to the first that has not. */
export function useResultRows(batch: Batch) {
  const { client } = useAccess();
  const isRunning = batch.status === 'running';
  return useQuery({
    queryKey: ['results', batch.id, batch.round, batch.status],
    queryFn: ({ signal }) => readRows(client, batch.id, signal),
    enabled: batch.status !== 'validating' && batch.status !== 'refused',
    // Of another batch nothing is kept: its page is made anew.
    placeholderData: keepPreviousData,
    refetchInterval: isRunning ? REFRESH_MS : false,
    staleTime: isRunning ? REFRESH_MS : Number.POSITIVE_INFINITY,
  });
}

async function readRows(client: StyleFlowClient, id: string, signal: AbortSignal): Promise<readonly ResultRow[]> {
  const rows: ResultRow[] = [];
  for await (const row of client.batches.results(id, { signal })) {
    rows.push(row);
    if (rows.length >= ROWS_HELD) break;
  }
  return rows;
}
