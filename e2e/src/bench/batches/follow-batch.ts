import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, StyleFlowClient } from '@styleflow/client';
import {
  isBatchOver,
  NEXT_CURSOR_HEADER,
  printResultCursor,
  type ResultRow,
  ResultRowSchema,
} from '@styleflow/contracts';

export interface Followed {
  /** As it was told last. */
  readonly batch: Batch;
  /** In the order in which they were told, over all pages. */
  readonly rows: readonly ResultRow[];
  /** Answers with results, each from the cursor of the one before. */
  readonly pages: number;
  /** Pages that broke off in the middle, and were gone on with from the last whole row. */
  readonly brokenPages: number;
  /** Seconds from the submission. Null where it never came to be. */
  readonly seconds: {
    readonly running: number | null;
    readonly firstEnded: number | null;
    readonly lastAdmitted: number | null;
    readonly over: number | null;
  };
}

export interface FollowOptions {
  readonly id: string;
  /** By `performance.now`. */
  readonly submittedAt: number;
  readonly timeoutMs: number;
  readonly onLook: (batch: Batch) => void;
}

const LOOK_MS = 400;
/** Results are read in between, so that cursors are used while processes are killed. */
const READ_EVERY_LOOKS = 10;

/** Polls a batch to its end and reads its results page by page. What cannot be reached is asked again. */
export async function followBatch(client: StyleFlowClient, options: FollowOptions): Promise<Followed> {
  const { id, submittedAt, timeoutMs, onLook } = options;
  const rows: ResultRow[] = [];
  const seconds: Record<'running' | 'firstEnded' | 'lastAdmitted' | 'over', number | null> = {
    ...{ running: null, firstEnded: null, lastAdmitted: null, over: null },
  };
  const now = (): number => Math.round(performance.now() - submittedAt) / 1000;
  let [pages, brokenPages] = [0, 0];
  let batch: Batch | null = null;
  let cursor: string | undefined;
  let isReadToTheEnd = false;
  for (let look = 0; performance.now() - submittedAt < timeoutMs && !isReadToTheEnd; look += 1) {
    await pause(LOOK_MS);
    batch = await client.batches.get(id).catch(() => batch);
    if (batch === null) continue;
    const { counts, admitted, status } = batch;
    if (status !== 'validating') seconds.running ??= now();
    if (counts.succeeded + counts.failed > 0) seconds.firstEnded ??= now();
    if (admitted === counts.total && counts.total > 0) seconds.lastAdmitted ??= now();
    const isOver = isBatchOver(status);
    if (isOver) seconds.over ??= now();
    onLook(batch);
    if (status === 'validating' || (!isOver && look % READ_EVERY_LOOKS !== 0)) continue;
    const page = await readPage(client, id, cursor);
    rows.push(...page.rows);
    pages += 1;
    const last = rows.at(-1);
    if (page.isBroken) brokenPages += 1;
    if (!page.isBroken && page.nextCursor === null) isReadToTheEnd = isOver;
    else if (!page.isBroken) cursor = page.nextCursor ?? undefined;
    else if (last !== undefined)
      cursor = printResultCursor({ batch: batch.id as `bat_${string}`, round: batch.round, index: last.index + 1 });
  }
  if (batch === null) throw new Error(`the batch ${id} could never be read`);
  return { batch, rows, pages, brokenPages, seconds };
}

/** One answer; of one that breaks off, the whole rows in front of the break. */
async function readPage(
  client: StyleFlowClient,
  id: string,
  cursor: string | undefined,
): Promise<{ rows: ResultRow[]; nextCursor: string | null; isBroken: boolean }> {
  const rows: ResultRow[] = [];
  try {
    const page = await client.batches.exportResults(id, { cursor });
    for await (const line of linesOf(page.bytes)) rows.push(ResultRowSchema.parse(JSON.parse(line)));
    return { rows, nextCursor: page.nextCursor, isBroken: false };
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Error(`a row that is no JSON under ${NEXT_CURSOR_HEADER}`, { cause: error });
    return { rows, nextCursor: null, isBroken: true };
  }
}

/** Lines without their ends, empty ones left out. What stands behind the last line end counts as no line and breaks the page. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') throw new Error('the answer ends in the middle of a line');
}
