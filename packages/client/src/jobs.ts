import { isEnded } from '@styleflow/contracts';
import type { ApiCaller } from './api-caller.js';
import type {
  ClipDetails,
  CustodyLog,
  Delivery,
  Job,
  JobLinks,
  JobList,
  JobOptions,
  QueryOf,
  Result,
  Source,
  Webhook,
} from './documented.js';
import { itemsOfPages } from './pages.js';
import { randomKey } from './random-key.js';
import { type FollowedEvent, readEvents } from './read-events.js';
import type { VideoBytes } from './send-bytes.js';
import { sleep } from './sleep.js';
import type { UploadOptions, Uploads } from './uploads.js';
import { type WaitOptions, waitForEnd } from './wait-for-end.js';

export interface SubmitOptions {
  /** The API checks them and says what is wrong. */
  readonly options?: JobOptions | Readonly<Record<string, unknown>>;
  /** Anything of yours; comes back with the job. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Told of the end, by the conventions of Standard Webhooks; with a `secret`, deliveries are signed (`webhooks.verify`). */
  readonly webhook?: Webhook;
  /**
   * When the same request is repeated with the same key, the API answers the first job and makes no other one. Without it
   * the client makes one, for its own repetitions.
   */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

export type ListOptions = Partial<QueryOf<'listJobs'>>;

/** The calls about single jobs. */
export class Jobs {
  readonly #caller: ApiCaller;
  readonly #uploads: Uploads;

  constructor(caller: ApiCaller, uploads: Uploads) {
    this.#caller = caller;
    this.#uploads = uploads;
  }

  /** Submits a video by its address, or an upload that was made before. */
  submit(source: Source, { options, metadata, webhook, idempotencyKey, signal }: SubmitOptions = {}): Promise<Job> {
    return this.#caller.read('submitJob', {
      json: { source, options, metadata, webhook },
      headers: { 'Idempotency-Key': idempotencyKey ?? randomKey() },
      signal,
    });
  }

  /** Submits the video at a URL. */
  submitUrl(url: string, options: SubmitOptions = {}): Promise<Job> {
    return this.submit({ type: 'url', url }, options);
  }

  /** Submits an object of a bucket that the API may read. */
  submitS3(bucket: string, key: string, options: SubmitOptions = {}): Promise<Job> {
    return this.submit({ type: 's3', bucket, key }, options);
  }

  /** Submits an upload. */
  submitUpload(uploadId: string, options: SubmitOptions = {}): Promise<Job> {
    return this.submit({ type: 'upload', uploadId }, options);
  }

  /**
   * Uploads a video, a long one in parts, and submits it. The job holds the file's name as `metadata.file`, where it has one.
   */
  async submitVideo(video: Blob | VideoBytes, options: SubmitOptions & UploadOptions = {}): Promise<Job> {
    const { uploadId } = await this.#uploads.send(video, options);
    const { name } = video as { name?: unknown };
    const metadata = { ...(typeof name === 'string' && name !== '' ? { file: name } : {}), ...options.metadata };
    return this.submitUpload(uploadId, { ...options, metadata });
  }

  get(id: string, { signal }: { signal?: AbortSignal } = {}): Promise<Job> {
    return this.#caller.read('readJob', { path: { id }, signal });
  }

  /** Waits until the job has ended, in whatever way, and returns it. */
  wait(id: string, options: WaitOptions<Job> = {}): Promise<Job> {
    return waitForEnd(this.#caller, { operation: 'readJob', id, hasEnded: ({ status }) => isEnded(status) }, options);
  }

  /**
   * The job's events from the first one, or from the one after `lastEventId`. Ends with the job, and when the API
   * stops.
   */
  async *events(
    id: string,
    { lastEventId, signal }: { lastEventId?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<FollowedEvent, void> {
    const headers: Record<string, string> = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const { body } = await this.#caller.send('followJob', { path: { id }, headers, signal });
    if (body !== null) yield* readEvents(body);
  }

  result(id: string): Promise<Result> {
    return this.#caller.read('readResult', { path: { id } });
  }

  /** The result byte by byte as it is stored: what its signature covers. */
  resultBytes(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readResult', { path: { id } });
  }

  /** The detached JWS over the bytes of the result. Its reading is entered into the custody log. */
  async signature(id: string): Promise<string> {
    return (await this.#caller.send('readSignature', { path: { id } })).text();
  }

  custody(id: string): Promise<CustodyLog> {
    return this.#caller.read('readCustody', { path: { id } });
  }

  /** The evidence package, a ZIP archive; with `video` also the video, where it is still kept. */
  evidence(id: string, { video = false }: { video?: boolean } = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readEvidence', { path: { id }, query: { video } });
  }

  /** The HTML page, as a stream of its bytes. */
  report(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readReport', { path: { id } });
  }

  /**
   * The report as PDF, as a stream of its bytes: waits while it is made.
   * @throws StyleFlowError `not_available` where no worker can make it
   */
  async reportPdf(id: string, { signal }: { signal?: AbortSignal } = {}): Promise<ReadableStream<Uint8Array>> {
    for (;;) {
      const { status, headers, body } = await this.#caller.send('readReportPdf', { path: { id }, signal });
      if (status !== 202 && body !== null) return body;
      await body?.cancel();
      await sleep(Math.max(1, Number(headers.get('Retry-After')) || 1) * 1000, signal);
    }
  }

  /** The picture of one clip, PNG. */
  clipPicture(id: string, track: number, clip: number): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readClipPicture', { path: { id, track, n: clip } });
  }

  /** A whole frame that the result names in `frames`, as a small JPEG. */
  frame(id: string, frame: number): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readFrame', { path: { id, n: frame } });
  }

  /**
   * The small video of what was looked at, WebM.
   * @throws StyleFlowError `not_found` where the job keeps none, `gone` after the retention of media.
   */
  preview(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.#caller.stream('readPreview', { path: { id } });
  }

  /** Addresses of the job's events, report and pictures that work without a key, for a quarter of an hour: for a browser's tab. */
  links(id: string): Promise<JobLinks> {
    return this.#caller.read('linkJob', { path: { id } });
  }

  clipDetails(id: string, track: number, clip: number): Promise<ClipDetails> {
    return this.#caller.read('readClipDetails', { path: { id, track, n: clip } });
  }

  /** All jobs, newest first, fetched page by page as they are needed; `limit` is the size of a page. */
  list(query: ListOptions = {}): AsyncGenerator<Job, void> {
    return itemsOfPages(
      (cursor) => this.page({ ...query, ...(cursor === undefined ? {} : { cursor }) }),
      ({ jobs }) => jobs,
      query.cursor,
    );
  }

  /** One page; its `nextCursor` is the `cursor` of the next. */
  page(query: ListOptions = {}): Promise<JobList> {
    return this.#caller.read('listJobs', { query });
  }

  /** Cancels a job. It stops at its next frame or batch of clips, so the answer may still say that it runs. */
  cancel(id: string): Promise<Job> {
    return this.#caller.read('cancelJob', { path: { id } });
  }

  /** Runs a failed job again. */
  retry(id: string): Promise<Job> {
    return this.#caller.read('retryJob', { path: { id } });
  }

  /** What was sent to the job's webhook, and what became of it. */
  async deliveries(id: string): Promise<readonly Delivery[]> {
    return (await this.#caller.read('listDeliveries', { path: { id } })).deliveries;
  }

  /** Sends delivery `n` again. */
  redeliver(id: string, n: number): Promise<Delivery> {
    return this.#caller.read('redeliver', { path: { id, n } });
  }

  /** Deletes the job and everything that is stored for it. */
  async delete(id: string): Promise<void> {
    await this.#caller.send('deleteJob', { path: { id } });
  }
}
