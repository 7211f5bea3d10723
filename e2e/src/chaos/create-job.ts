import { setTimeout as pause } from 'node:timers/promises';
import { StyleFlowClient } from '@styleflow/client';
import { pickFrom } from '@styleflow/testing';
import type { CreateAnswer, CreateLog } from './client-log.js';

/** How a client hands its video in. */
export type Way = 'url' | 'multipart' | 'upload';

export interface CreateWish {
  readonly token: string;
  readonly way: Way;
  readonly video: number;
  /** Where it lies for who fetches it, and for who sends it. */
  readonly url: string;
  readonly file: Buffer;
  readonly isKeyed: boolean;
}

export interface Callers {
  readonly apis: readonly string[];
  readonly random: () => number;
  /** Aborted when the run is over: nobody asks any more. */
  readonly signal: AbortSignal;
}

const ANSWER_WITHIN_MS = 15_000;
const PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;
const JOB_ID = /job_[0-9A-HJKMNP-TV-Z]{26}/;
/** Nobody said that there is no job, or that there never will be one. */
const mayComeAgain = (status: number): boolean => status === 409 || status === 429 || status >= 500;

/**
 * Makes a job as a careful client: with a key it repeats the very same request until it is accepted; without one a request that
 * was not accepted is never repeated, but a new one is made in its place. Answers all of them, the last one first.
 */
export async function createJob(
  wish: CreateWish,
  callers: Callers,
  logged: (create: CreateLog) => void,
): Promise<string | null> {
  let uploadId = wish.way === 'upload' ? await sendUpload(wish.file, callers) : null;
  let create = newLog(wish, 0);
  logged(create);
  for (let n = 1; !callers.signal.aborted; n += 1) {
    const answer = await askOnce(wish, create, uploadId, callers);
    create.answers.push(answer);
    if (answer.kind === 'accepted') return answer.id;
    // The file went into the void, or into another store: it is sent again, which makes it another request.
    const isLost = answer.kind === 'refused' && answer.code === 'upload_expired';
    if (answer.kind === 'refused' && !isLost && !mayComeAgain(answer.status)) return null;
    await calmly(() => pause(Math.min(PAUSE_MS * n, LONGEST_PAUSE_MS) * (0.5 + callers.random()), undefined, callers));
    if (callers.signal.aborted || (wish.isKeyed && !isLost)) continue;
    if (isLost) uploadId = await sendUpload(wish.file, callers);
    create = newLog(wish, n);
    logged(create);
  }
  return null;
}

function newLog({ token, isKeyed, video }: CreateWish, n: number): CreateLog {
  return { token: n === 0 ? token : `${token}.${n}`, isKeyed, video, answers: [] };
}

async function askOnce(
  wish: CreateWish,
  create: CreateLog,
  uploadId: string | null,
  callers: Callers,
): Promise<CreateAnswer> {
  const wanted = { metadata: { chaos: create.token } };
  const headers: Record<string, string> = wish.isKeyed ? { 'Idempotency-Key': create.token } : {};
  let body: string | FormData;
  if (wish.way === 'multipart') {
    body = new FormData();
    body.append('job', JSON.stringify(wanted));
    body.append('video', new Blob([wish.file]), 'video.mp4');
  } else {
    const source = uploadId === null ? { type: 'url', url: wish.url } : { type: 'upload', uploadId };
    body = JSON.stringify({ ...wanted, source });
    headers['Content-Type'] = 'application/json';
  }
  const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), callers.signal]);
  try {
    const response = await fetch(`${pickFrom(callers.apis, callers.random)}/v1/jobs`, {
      method: 'POST',
      headers,
      body,
      signal,
    });
    const text = await response.text();
    const id = JOB_ID.exec(text)?.[0] ?? null;
    if (response.ok && id !== null) return { kind: 'accepted', id };
    const code = /"code":"(\w+)"/.exec(text)?.[1] ?? 'without a code';
    const detail = /"detail":"([^"]*)/.exec(text)?.[1] ?? '';
    return { kind: 'refused', status: response.status, code, detail, id };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'unanswered', why: cause instanceof Error ? cause.message.slice(0, 80) : String(cause) };
  }
}

/** A presigned PUT, with a fresh address until one has taken the file; null when the run ended before. */
async function sendUpload(file: Buffer, { apis, random, signal }: Callers): Promise<string | null> {
  while (!signal.aborted) {
    try {
      const client = new StyleFlowClient({ api: pickFrom(apis, random) });
      const { uploadId, url, method, headers } = await client.openUpload();
      const timed = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), signal]);
      const sent = await fetch(url, { method, headers, body: new Uint8Array(file), signal: timed });
      await sent.arrayBuffer();
      if (sent.ok) return uploadId;
    } catch {
      // Refused, cut or silent: another address, a little later.
    }
    await calmly(() => pause(PAUSE_MS * (1 + random()), undefined, { signal }));
  }
  return null;
}

/** A pause that the end of the run cuts short. */
async function calmly(wait: () => Promise<void>): Promise<void> {
  await wait().catch(() => {});
}
