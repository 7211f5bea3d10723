import { JobError, NEXT_CURSOR_HEADER, parseResultCursor, printResultCursor } from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import { invalidRequest } from '../http/parse-request.js';

/**
 * From which item on results are wanted.
 * @throws JobError `invalid_request` for what is no cursor, or another batch's; `gone` for one from before a retry
 */
export function startOf(batch: BatchRecord, text: string | undefined): number {
  if (text === undefined) return 0;
  const wrong = (message: string): JobError => invalidRequest(`cursor: ${message}`, [{ path: 'cursor', message }]);
  const cursor = parseResultCursor(text);
  if (cursor === null) throw wrong(`not one of ${NEXT_CURSOR_HEADER}.`);
  if (cursor.batch !== batch.id) throw wrong(`it belongs to the batch ${cursor.batch}.`);
  if (cursor.index > batch.counts.total || cursor.round > batch.round) throw wrong('the batch has no such place.');
  if (cursor.round < batch.round) {
    throw new JobError('gone', 'The cursor has expired: failed items were retried since. Read from the beginning.');
  }
  return cursor.index;
}

export function cursorAt({ id, round }: BatchRecord, index: number): string {
  return printResultCursor({ batch: id, round, index });
}
