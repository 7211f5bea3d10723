import { basename } from 'node:path';
import {
  type ClipDetails,
  ClipDetailsSchema,
  type EntryDetails,
  EntryDetailsSchema,
  type EntryList,
  EntryListSchema,
  type EntryState,
  type Job,
  JobError,
  type JobList,
  JobListSchema,
  JobSchema,
  type JobStatus,
  type ModelsAnswer,
  ModelsAnswerSchema,
  type QueueFacts,
  QueueFactsSchema,
  type QueueList,
  QueueListSchema,
  type Result,
  ResultSchema,
  type Source,
  type SystemAnswer,
  SystemAnswerSchema,
  type UploadAnswer,
  UploadAnswerSchema,
} from '@styleflow/contracts';
import type { z } from 'zod';
import { type ApiAddress, type Call, callApi } from './call-api.js';
import { putFile } from './put-file.js';
import { type FollowedEvent, readEvents } from './read-events.js';
import { type WaitOptions, waitForEnd } from './wait-for-end.js';

export interface SubmitOptions {
  /** The job options of the contract. The API checks them and says what is wrong. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** When the same request is repeated with the same key, the API answers the first job and makes no other one. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions {
  readonly status?: JobStatus;
  readonly batch?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface EntriesOptions {
  /** Without it the API answers the failed ones. */
  readonly state?: EntryState;
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * The one way to talk to the API. Answers are checked against the schemas of the contract. Errors are JobErrors: the
 * one that the API answered, or `internal` with a sentence when it cannot be reached.
 */
export class StyleFlowClient {
  readonly #address: ApiAddress;

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /** Submits a video by its address, or an upload that was made before. */
  async submit(source: Source, { options, metadata, idempotencyKey, signal }: SubmitOptions = {}): Promise<Job> {
    return this.#read(JobSchema, {
      method: 'POST',
      path: '/v1/jobs',
      json: { source, options, metadata },
      headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
      signal,
    });
  }

  /**
   * Submits a file of this machine, of any size. It is sent to the store by a signed address first. The job holds the
   * file's name as `metadata.file`.
   */
  async submitFile(path: string, options: SubmitOptions = {}): Promise<Job> {
    const uploadId = await putFile(path, (bytes) => this.openUpload(bytes), options.signal);
    const metadata = { file: basename(path), ...options.metadata };
    return this.submit({ type: 'upload', uploadId }, { ...options, metadata });
  }

  /** With `bytes`, the address takes a file of that length only. */
  async openUpload(bytes?: number): Promise<UploadAnswer> {
    const json = bytes === undefined || bytes === 0 ? {} : { json: { bytes } };
    return this.#read(UploadAnswerSchema, { method: 'POST', path: '/v1/uploads', ...json });
  }

  async job(id: string): Promise<Job> {
    return this.#read(JobSchema, { method: 'GET', path: jobPath(id) });
  }

  /** See `waitForEnd`. */
  async wait(id: string, options: WaitOptions = {}): Promise<Job> {
    return waitForEnd(this.#address, id, options);
  }

  async result(id: string): Promise<Result> {
    return this.#read(ResultSchema, { method: 'GET', path: `${jobPath(id)}/result` });
  }

  /** The HTML page, as a stream of its bytes. */
  async report(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.#stream(`${jobPath(id)}/report`);
  }

  /** The picture of one clip, PNG. */
  async clipPicture(id: string, track: number, clip: number): Promise<ReadableStream<Uint8Array>> {
    return this.#stream(`${jobPath(id)}/faces/${track}/clips/${clip}.png`);
  }

  async clipDetails(id: string, track: number, clip: number): Promise<ClipDetails> {
    return this.#read(ClipDetailsSchema, { method: 'GET', path: `${jobPath(id)}/faces/${track}/clips/${clip}.json` });
  }

  /** Newest first; `nextCursor` of one page is the `cursor` of the next. */
  async list(query: ListOptions = {}): Promise<JobList> {
    return this.#read(JobListSchema, { method: 'GET', path: `/v1/jobs?${queryText(query)}` });
  }

  /** Cancels a job. It stops at its next frame or batch of clips, so the answer may still say that it runs. */
  async cancel(id: string): Promise<Job> {
    return this.#read(JobSchema, { method: 'POST', path: `${jobPath(id)}/cancel` });
  }

  /** Runs a failed job again. */
  async retry(id: string): Promise<Job> {
    return this.#read(JobSchema, { method: 'POST', path: `${jobPath(id)}/retry` });
  }

  /** Deletes the job and everything that is stored for it. */
  async delete(id: string): Promise<void> {
    await callApi(this.#address, { method: 'DELETE', path: jobPath(id) });
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
    const { body } = await callApi(this.#address, { method: 'GET', path: `${jobPath(id)}/events`, headers, signal });
    if (body !== null) yield* readEvents(body);
  }

  async models(): Promise<ModelsAnswer> {
    return this.#read(ModelsAnswerSchema, { method: 'GET', path: '/v1/models' });
  }

  async system(): Promise<SystemAnswer> {
    return this.#read(SystemAnswerSchema, { method: 'GET', path: '/v1/system' });
  }

  /** This call and those below need an admin key. */
  async queues(): Promise<QueueList> {
    return this.#read(QueueListSchema, { method: 'GET', path: QUEUES });
  }

  /** `nextCursor` of one page is the `cursor` of the next. */
  async entries(queue: string, query: EntriesOptions = {}): Promise<EntryList> {
    return this.#read(EntryListSchema, { method: 'GET', path: `${queuePath(queue)}/entries?${queryText(query)}` });
  }

  async entry(queue: string, id: string): Promise<EntryDetails> {
    const path = `${queuePath(queue)}/entries/${encodeURIComponent(id)}`;
    return this.#read(EntryDetailsSchema, { method: 'GET', path });
  }

  /** Pauses a queue: workers finish the entries that they have, and take no more until it is resumed. */
  async pauseQueue(queue: string): Promise<QueueFacts> {
    return this.#read(QueueFactsSchema, { method: 'POST', path: `${queuePath(queue)}/pause` });
  }

  async resumeQueue(queue: string): Promise<QueueFacts> {
    return this.#read(QueueFactsSchema, { method: 'POST', path: `${queuePath(queue)}/resume` });
  }

  /** Takes an entry out that nobody needs: not the product's, or of a job that is over or gone. */
  async removeEntry(queue: string, id: string): Promise<void> {
    await callApi(this.#address, { method: 'DELETE', path: `${queuePath(queue)}/entries/${encodeURIComponent(id)}` });
  }

  async #read<S extends z.ZodType>(schema: S, call: Call): Promise<z.infer<S>> {
    const response = await callApi(this.#address, call);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new JobError('internal', `${call.method} ${call.path} answered something that this client does not know.`, {
      cause: parsed.error,
    });
  }

  async #stream(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await callApi(this.#address, { method: 'GET', path });
    if (body === null) throw new JobError('internal', `GET ${path} answered without a body.`);
    return body;
  }
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

const QUEUES = '/v1/admin/queues';

function queuePath(name: string): string {
  return `${QUEUES}/${encodeURIComponent(name)}`;
}

function queryText(query: ListOptions | EntriesOptions): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) words.set(name, String(value));
  return words.toString();
}
