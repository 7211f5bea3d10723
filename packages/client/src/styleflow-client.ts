import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import {
  isEnded,
  type Job,
  JobError,
  type JobList,
  JobListSchema,
  JobSchema,
  type JobStatus,
  type Result,
  ResultSchema,
  type Source,
  UploadAnswerSchema,
} from '@styleflow/contracts';
import type { z } from 'zod';
import { readProblem } from './read-problem.js';

export interface ClientOptions {
  /** Base address of the API, `http://127.0.0.1:8000`. */
  readonly api: string;
  readonly key?: string | undefined;
}

/** What may be asked of a job; the API's schema fills in the rest. */
export interface SubmitOptions {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Seconds that one poll is held by the server: long enough to be rare, short enough for every proxy. */
const HELD_SECONDS = 20;
/** With progress to show, polls are held this long only. */
const WATCHED_MS = 500;

/**
 * The one way to talk to the API. Answers are parsed by the contract's schemas; a refused call throws the JobError of
 * its problem+json; an API that cannot be reached is `queue_unavailable` with a sentence.
 */
export class StyleFlowClient {
  readonly #base: string;
  readonly #key: string | undefined;

  constructor({ api, key }: ClientOptions) {
    this.#base = api.replace(/\/+$/, '');
    this.#key = key;
  }

  async submit(source: Source, { options, metadata, idempotencyKey, signal }: SubmitOptions = {}): Promise<Job> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const body = JSON.stringify({ source, options, metadata });
    return this.#json(JobSchema, '/v1/jobs', { method: 'POST', headers, body, signal });
  }

  /** Sends a local file to the object store by a signed URL, never holding it in memory, then submits it. */
  async submitFile(
    path: string,
    submit: SubmitOptions & { onSent?: (bytes: number, total: number) => void } = {},
  ): Promise<Job> {
    const total = (await stat(path)).size;
    const upload = await this.#json(UploadAnswerSchema, '/v1/uploads', { method: 'POST', signal: submit.signal });
    await this.#put(path, total, upload, submit);
    return this.submit(
      { type: 'upload', uploadId: upload.uploadId },
      { ...submit, metadata: { file: basename(path), ...submit.metadata } },
    );
  }

  job(id: string, signal?: AbortSignal): Promise<Job> {
    return this.#json(JobSchema, `/v1/jobs/${id}`, { signal });
  }

  /** Resolves with the job once it has ended; `onChange` sees it on the way. */
  async wait(
    id: string,
    { onChange, signal }: { onChange?: (job: Job) => void; signal?: AbortSignal } = {},
  ): Promise<Job> {
    for (;;) {
      const job = onChange === undefined ? await this.#held(id, signal) : await this.job(id, signal);
      onChange?.(job);
      if (isEnded(job.status)) return job;
      if (onChange !== undefined) await pause(WATCHED_MS, undefined, { signal });
    }
  }

  #held(id: string, signal?: AbortSignal): Promise<Job> {
    return this.#json(JobSchema, `/v1/jobs/${id}`, { headers: { prefer: `wait=${HELD_SECONDS}` }, signal });
  }

  list(query: { status?: JobStatus; limit?: number; cursor?: string } = {}): Promise<JobList> {
    const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    return this.#json(JobListSchema, `/v1/jobs?${new URLSearchParams(words)}`);
  }

  result(id: string): Promise<Result> {
    return this.#json(ResultSchema, `/v1/jobs/${id}/result`);
  }

  /** The report's HTML as it arrives. */
  async report(id: string): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#call(`/v1/jobs/${id}/report`);
    if (answer.body === null) throw new JobError('internal', 'the report is empty');
    return answer.body;
  }

  cancel(id: string): Promise<Job> {
    return this.#json(JobSchema, `/v1/jobs/${id}/cancel`, { method: 'POST' });
  }

  retry(id: string): Promise<Job> {
    return this.#json(JobSchema, `/v1/jobs/${id}/retry`, { method: 'POST' });
  }

  async delete(id: string): Promise<void> {
    await this.#call(`/v1/jobs/${id}`, { method: 'DELETE' });
  }

  async #json<S extends z.ZodType>(schema: S, path: string, init: CallInit = {}): Promise<z.infer<S>> {
    const answer = await this.#call(path, init);
    const parsed = schema.safeParse(await answer.json());
    if (!parsed.success) {
      throw new JobError(
        'internal',
        `the API's answer to ${path} is not what this client expects; are their versions the same?`,
        { cause: parsed.error },
      );
    }
    return parsed.data;
  }

  async #call(path: string, init: CallInit = {}): Promise<Response> {
    const headers = { ...init.headers, ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }) };
    const answer = await fetch(`${this.#base}${path}`, {
      method: init.method ?? 'GET',
      headers,
      ...(init.body === undefined ? {} : { body: init.body }),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    }).catch((error: unknown) => {
      throw unreachable(this.#base, error);
    });
    if (!answer.ok) throw await readProblem(answer);
    return answer;
  }

  /** fetch() of Node streams request bodies without a length, which S3 refuses; a plain request keeps it. */
  async #put(
    path: string,
    total: number,
    upload: { url: string; method: string; headers: Readonly<Record<string, string>> },
    { onSent, signal }: { onSent?: (bytes: number, total: number) => void; signal?: AbortSignal },
  ): Promise<void> {
    const send = upload.url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(upload.url, {
      method: upload.method,
      headers: { ...upload.headers, 'content-length': total },
      ...(signal === undefined ? {} : { signal }),
    });
    const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
      request.once('error', reject);
      request.once('response', (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (chunk: string) => {
          if (text.length < 4_096) text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.once('error', reject);
      });
    });
    let sent = 0;
    const file = createReadStream(path);
    file.on('data', (chunk) => {
      sent += chunk.length;
      onSent?.(sent, total);
    });
    // An early refusal closes the connection while the file is still being sent: its answer says why, not the pipe.
    const [, answer] = await Promise.allSettled([pipeline(file, request), answered]);
    if (answer.status === 'rejected') throw unreachable(new URL(upload.url).origin, answer.reason);
    const { status, text } = answer.value;
    if (status >= 300)
      throw await readProblem(new Response(text, { status, headers: { 'content-type': 'application/problem+json' } }));
  }
}

interface CallInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

function unreachable(address: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') return error;
  return new JobError(
    'queue_unavailable',
    `no StyleFlow API answers at ${address}; start one with \`npm start\`, or name it with --api`,
    { cause: error },
  );
}
