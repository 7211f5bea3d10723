import {
  ErrorRowSchema,
  hasHiddenParts,
  isBatchOver,
  JobError,
  MAX_DIRECT_MANIFEST_BYTES,
  NEXT_CURSOR_HEADER,
  printResultCursor,
  ResultRowSchema,
} from '@styleflow/contracts';
import type { ApiCaller } from './api-caller.js';
import { type BatchManifest, manifestBytes, type SizedManifest } from './batch-manifest.js';
import type {
  Batch,
  BatchList,
  Delivery,
  DryRun,
  ErrorRow,
  GivenOptions,
  QueryOf,
  ResultRow,
  Webhook,
} from './documented.js';
import { itemsOfPages } from './pages.js';
import { randomKey } from './random-key.js';
import { readRows } from './read-rows.js';
import type { SendOptions } from './send-bytes.js';
import { sleep } from './sleep.js';
import type { Uploads } from './uploads.js';
import { type WaitOptions, waitForEnd } from './wait-for-end.js';

export interface BatchOptions extends SendOptions {
  /** For every item that has none of its own. */
  readonly options?: GivenOptions | Readonly<Record<string, unknown>>;
  /** Take the rows without a fault and list the others in the error file, instead of refusing all. */
  readonly skipInvalid?: boolean;
  /**
   * Told once the batch is over. One with a secret, or with an address that holds one, needs a call of its own for the manifest: it is
   * uploaded first.
   */
  readonly webhook?: Webhook;
  /** As for jobs: the same request with the same key is the same batch. */
  readonly idempotencyKey?: string;
}

export interface ResultsOptions {
  /** Goes on until the last item has ended; an answer that breaks off is resumed. */
  readonly follow?: boolean;
  /** From `exportResults`. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExportOptions extends ResultsOptions {
  readonly format?: 'ndjson' | 'csv';
  /** CSV for spreadsheets: a byte order mark, and text that no program takes for a formula. */
  readonly excel?: boolean;
}

export interface Export {
  readonly bytes: ReadableStream<Uint8Array>;
  /** Where to go on reading later; null once all rows have been read, and of an answer that is followed. */
  readonly nextCursor: string | null;
}

/** Pause before an answer that broke off is asked for again; doubled with each that brings nothing. */
const FIRST_PAUSE_MS = 500;
/** So many answers in a row that break off without a row are the end of it. */
const BREAKS = 6;

/** The calls about batches: a manifest with many videos goes in, a table comes out. */
export class Batches {
  readonly #caller: ApiCaller;
  readonly #uploads: Uploads;

  constructor(caller: ApiCaller, uploads: Uploads) {
    this.#caller = caller;
    this.#uploads = uploads;
  }

  /**
   * Creates a batch. The manifest is judged in the background: `wait` or `get` says what became of it. What is too large for
   * one call is uploaded first.
   */
  async create(manifest: BatchManifest, options: BatchOptions = {}): Promise<Batch> {
    const response = await this.#send(manifest, options, false);
    const answer = await this.#caller.check('submitBatch', response);
    if ('id' in answer) return answer;
    throw new JobError('internal', 'POST /v1/batches answered with an estimate and not with a batch.');
  }

  /** Judges a manifest and estimates what it would take. Creates nothing. */
  async dryRun(manifest: BatchManifest, options: BatchOptions = {}): Promise<DryRun> {
    const response = await this.#send(manifest, options, true);
    const answer = await this.#caller.check('submitBatch', response);
    if ('accepted' in answer) return answer;
    throw new JobError('internal', 'POST /v1/batches?dryRun=true answered with a batch.');
  }

  get(id: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Batch> {
    return this.#caller.read('readBatch', { path: { id }, signal });
  }

  /** Waits until the batch is refused, ended or canceled, and returns it. */
  wait(id: string, options: WaitOptions<Batch> = {}): Promise<Batch> {
    return waitForEnd(
      this.#caller,
      { operation: 'readBatch', id, hasEnded: ({ status }) => isBatchOver(status) },
      options,
    );
  }

  /** Waits until the manifest has been judged: the batch runs, or is refused. */
  validated(id: string, { onChange = () => {}, ...options }: WaitOptions<Batch> = {}): Promise<Batch> {
    return waitForEnd(
      this.#caller,
      { operation: 'readBatch', id, hasEnded: ({ status }) => status !== 'validating' },
      // Who watches sees every change; otherwise an answer may be held until the batch is over.
      { ...options, onChange },
    );
  }

  /** All batches, newest first, fetched page by page as they are needed; `limit` is the size of a page. */
  list(query: Partial<QueryOf<'listBatches'>> = {}): AsyncGenerator<Batch, void> {
    return itemsOfPages(
      (cursor) => this.page({ ...query, ...(cursor === undefined ? {} : { cursor }) }),
      ({ batches }) => batches,
      query.cursor,
    );
  }

  /** One page; its `nextCursor` is the `cursor` of the next. */
  page(query: Partial<QueryOf<'listBatches'>> = {}): Promise<BatchList> {
    return this.#caller.read('listBatches', { query });
  }

  /**
   * Results in the order of the manifest: of the items that have ended, up to the first that has not; with `follow` of all
   * of them, as they end.
   */
  async *results(id: string, { follow = false, cursor, signal }: ResultsOptions = {}): AsyncGenerator<ResultRow, void> {
    let from = cursor;
    let lastIndex: number | null = null;
    for (let breaks = 0; ; ) {
      try {
        const { bytes } = await this.exportResults(id, { follow, cursor: from, signal });
        for await (const row of readRows(bytes, ResultRowSchema)) {
          lastIndex = row.index;
          breaks = 0;
          yield row;
        }
        return;
      } catch (error) {
        signal?.throwIfAborted();
        breaks += 1;
        if (breaks >= BREAKS || !isBreak(error)) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** (breaks - 1) * (1 + Math.random() / 2), signal);
        if (lastIndex !== null) from = await this.#cursorAfter(id, lastIndex, signal);
      }
    }
  }

  /** The results as a file: a stream of its bytes. One that breaks off is not resumed. */
  async exportResults(
    id: string,
    { follow, cursor, format = 'ndjson', excel, signal }: ExportOptions = {},
  ): Promise<Export> {
    const query = { format, cursor, follow: flag(follow), excel: flag(excel) };
    const response = await this.#caller.send('readResults', { path: { id }, query, signal });
    return { bytes: bodyOf(response), nextCursor: response.headers.get(NEXT_CURSOR_HEADER) };
  }

  /** Faults of the manifest, then the items that have failed so far. */
  async *errors(id: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<ErrorRow, void> {
    yield* readRows(await this.exportErrors(id, { signal }), ErrorRowSchema);
  }

  /** The error file: a stream of its bytes. */
  async exportErrors(
    id: string,
    { format = 'ndjson', excel, signal }: Pick<ExportOptions, 'format' | 'excel' | 'signal'> = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const query = { format, excel: flag(excel) };
    return bodyOf(await this.#caller.send('readErrors', { path: { id }, query, signal }));
  }

  /** No further item starts; those that run are stopped. What has ended stays. */
  cancel(id: string): Promise<Batch> {
    return this.#caller.read('cancelBatch', { path: { id } });
  }

  /** Runs all failed items again. */
  retry(id: string): Promise<Batch> {
    return this.#caller.read('retryBatch', { path: { id } });
  }

  /** What was sent to the batch's webhook, and what became of it. */
  async deliveries(id: string): Promise<readonly Delivery[]> {
    return (await this.#caller.read('listBatchDeliveries', { path: { id } })).deliveries;
  }

  /** Sends delivery `n` again. */
  redeliver(id: string, n: number): Promise<Delivery> {
    return this.#caller.read('redeliverOfBatch', { path: { id, n } });
  }

  /** Deletes the batch, its jobs, and everything that is stored for them. */
  async delete(id: string): Promise<void> {
    await this.#caller.send('deleteBatch', { path: { id } });
  }

  async #send(manifest: BatchManifest, options: BatchOptions, isDryRun: boolean): Promise<Response> {
    const { idempotencyKey = randomKey(), skipInvalid, options: given, webhook, signal } = options;
    const headers: Record<string, string> = isDryRun ? {} : { 'Idempotency-Key': idempotencyKey };
    const dryRun = flag(isDryRun);
    const stated = {
      ...(given === undefined ? {} : { options: given }),
      ...(skipInvalid === undefined ? {} : { skipInvalid }),
      ...(webhook === undefined ? {} : { webhook }),
    };
    const sized = await manifestBytes(manifest);
    if (sized !== null && sized.size <= MAX_DIRECT_MANIFEST_BYTES && (webhook === undefined || isPlain(webhook))) {
      const query = {
        dryRun,
        skipInvalid: flag(skipInvalid),
        options: given === undefined ? undefined : JSON.stringify(given),
        webhookUrl: webhook?.url,
      };
      const body = sized.bytes;
      return this.#caller.send('submitBatch', {
        ...{ query, body, signal },
        headers: { ...headers, 'Content-Type': CONTENT_TYPES[sized.format] },
      });
    }
    const uploadId = sized === null ? uploadOf(manifest) : await this.#upload(sized, options);
    const json = { manifest: { uploadId }, ...stated };
    return this.#caller.send('submitBatch', { query: { dryRun }, json, headers, signal });
  }

  async #upload({ bytes }: SizedManifest, options: SendOptions): Promise<string> {
    const { uploadId } = await this.#uploads.send(bytes, options);
    return uploadId;
  }

  async #cursorAfter(id: string, index: number, signal: AbortSignal | undefined): Promise<string> {
    const { id: batch, round } = await this.get(id, { signal });
    return printResultCursor({ batch, round, index: index + 1 });
  }
}

const CONTENT_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

function uploadOf(manifest: BatchManifest): string {
  if ('uploadId' in manifest) return manifest.uploadId;
  throw new JobError('invalid_request', 'A manifest is {items}, {csv}, {ndjson} or {uploadId}.');
}

/** Whether nothing of it is a secret, so that it may stand in an address. */
function isPlain({ url, secret }: Webhook): boolean {
  return secret === undefined && !hasHiddenParts(url);
}

function flag(value: boolean | undefined): 'true' | undefined {
  return value === true ? 'true' : undefined;
}

function bodyOf({ body }: Response): ReadableStream<Uint8Array> {
  if (body === null) throw new JobError('internal', 'The API answered without a body.');
  return body;
}

/** Whether an answer broke off on its way, so that asking again makes sense. */
function isBreak(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof JobError && error.retryable);
}
