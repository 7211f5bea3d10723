import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface RequestLoad {
  readonly url: string;
  readonly key: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** One of so many requests is a `POST /v1/jobs`, the others read a job that was posted before. */
  readonly postEvery: number;
  /** The body of the n-th POST. */
  readonly bodyOf: (n: number) => object;
  /** Called with each job that was accepted. */
  readonly onPosted: (id: string) => void;
}

export interface LoadFigures {
  readonly requests: number;
  /** What was really offered, by the times at which requests were due and sent. */
  readonly perSecond: number;
  readonly get: CallFigures;
  readonly post: CallFigures;
  /** By HTTP status, or why there was no answer. */
  readonly errors: Readonly<Record<string, number>>;
  /** The longest that a request was sent after it was due: what this generator was late itself, which its latency counts, too. */
  readonly latestSentMs: number;
}

export interface CallFigures {
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

interface Answer {
  readonly isPost: boolean;
  readonly latencyMs: number;
  readonly lateMs: number;
  /** Null for a good answer. */
  readonly error: string | null;
}

const TIMEOUT_MS = 20_000;
/** Requests that are due are sent together at each tick. */
const TICK_MS = 2;

/**
 * An open loop: requests are sent at fixed times whether or not earlier ones were answered, and their latency counts from the time at
 * which they were due. So a server that stands still makes all that come meanwhile slow, and not only one.
 */
export async function loadWithRequests(load: RequestLoad): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
  const total = Math.round(load.perSecond * load.seconds);
  const posted: string[] = [];
  const answers: Promise<Answer>[] = [];
  const startedAt = performance.now();
  const dueAt = (n: number): number => startedAt + (n * 1000) / load.perSecond;
  let posts = 0;
  for (let n = 0; n < total; ) {
    while (n < total && dueAt(n) <= performance.now()) {
      const isPost = n % load.postEvery === 0 || posted.length === 0;
      if (isPost) posts += 1;
      const target = isPost
        ? { path: '/v1/jobs', body: load.bodyOf(posts - 1) }
        : { path: `/v1/jobs/${posted[(n * 31) % posted.length]}`, body: null };
      answers.push(
        ask(load, agent, { ...target, dueAt: dueAt(n) }, (id) => {
          posted.push(id);
          load.onPosted(id);
        }),
      );
      n += 1;
    }
    await pause(TICK_MS);
  }
  const sentSeconds = (performance.now() - startedAt) / 1000;
  const all = await Promise.all(answers);
  agent.destroy();
  const errors: Record<string, number> = {};
  for (const { error } of all) if (error !== null) errors[error] = (errors[error] ?? 0) + 1;
  return {
    requests: total,
    perSecond: total / sentSeconds,
    get: figuresOf(all.filter(({ isPost }) => !isPost)),
    post: figuresOf(all.filter(({ isPost }) => isPost)),
    errors,
    latestSentMs: Math.round(Math.max(0, ...all.map(({ lateMs }) => lateMs))),
  };
}

function ask(
  { url, key }: RequestLoad,
  agent: Agent,
  { path, body, dueAt }: { readonly path: string; readonly body: object | null; readonly dueAt: number },
  onPosted: (id: string) => void,
): Promise<Answer> {
  const lateMs = performance.now() - dueAt;
  return new Promise((resolve) => {
    const answered = (error: string | null): void =>
      resolve({ isPost: body !== null, latencyMs: performance.now() - dueAt, lateMs, error });
    const call = request(
      `${url}${path}`,
      {
        method: body === null ? 'GET' : 'POST',
        agent,
        timeout: TIMEOUT_MS,
        headers: { Authorization: `Bearer ${key}`, ...(body !== null && { 'Content-Type': 'application/json' }) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', () => answered('broken off'));
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode === 202) onPosted((JSON.parse(text) as { id: string }).id);
          answered(statusCode < 400 ? null : String(statusCode));
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer')));
    call.on('error', (error: NodeJS.ErrnoException) => answered(error.code ?? error.message));
    call.end(body === null ? undefined : JSON.stringify(body));
  });
}

function figuresOf(answers: readonly Answer[]): CallFigures {
  const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    requests: answers.length,
    errors: answers.filter(({ error }) => error !== null).length,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    worstMs: percentile(latencies, 1),
  };
}

/** Of sorted numbers: the smallest that so many of them do not exceed. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
