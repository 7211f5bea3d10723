import { JobError } from '@styleflow/contracts';
import type { z } from 'zod';
import { piecesOf } from './stream-text.js';

/**
 * The rows of an NDJSON body as they come.
 * @throws StyleFlowError `internal`, retryable, for an answer that ends in the middle of a row
 */
export async function* readRows<S extends z.ZodType>(
  body: ReadableStream<Uint8Array>,
  schema: S,
): AsyncGenerator<z.output<S>, void> {
  for await (const { text, isRest } of piecesOf(body, /\r?\n/)) {
    if (isRest) throw new JobError('internal', 'The answer ends in the middle of a row.', { retryable: true });
    // An empty line keeps the connection of a follower alive.
    if (text === '') continue;
    const row = schema.safeParse(JSON.parse(text));
    if (!row.success) {
      throw new JobError('internal', 'The answer has a row that this client does not know.', {
        ...{ cause: row.error, retryable: false },
      });
    }
    yield row.data;
  }
}
