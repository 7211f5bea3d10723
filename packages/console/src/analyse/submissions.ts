import type { JobOptions, StyleFlowClient } from '@styleflow/client/browser';
import { Store } from '../app/store.js';
import { connection, isUnreachable } from '../session/connection.js';
import { lookAtError } from '../session/server-data.js';
import { keepSubmitted, submittedBefore } from './drafts.js';

export type Phase = 'waiting' | 'uploading' | 'submitting' | 'paused' | 'submitted' | 'failed' | 'canceled';

/** One video on its way from this page to a job. */
export interface Submission {
  readonly key: string;
  readonly name: string;
  readonly content: { readonly file: File } | { readonly url: string };
  readonly options: JobOptions;
  readonly phase: Phase;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly error: unknown;
  /** Of an upload in parts, with which it goes on after an interruption. */
  readonly uploadId: string | undefined;
  readonly jobId: string | undefined;
}

const SENDING: ReadonlySet<Phase> = new Set(['waiting', 'uploading', 'submitting', 'paused']);

/** As much as four connections carry; what is sent in parts uses them all. */
const LANES = 4;
/** Above it a file goes up in parts, which StyleFlow then makes one. */
export const LARGE_BYTES = 64 * 1024 * 1024;
const SMALL_LANES = 2;

export const submissions = new Store<readonly Submission[]>(submittedBefore().map(asSubmission));
/** Whether something is on its way that leaving the page would stop. */
export const isSending = new Store(false);
submissions.subscribe(() => {
  const all = submissions.get();
  isSending.set(all.some(({ phase }) => SENDING.has(phase)));
  keepSubmitted(all);
});

const stops = new Map<string, AbortController>();
/** Of the key that is signed in: what ends late under an earlier key must not start anything with that one. */
let current: StyleFlowClient | null = null;
let lanesUsed = 0;
let made = 0;

/** Adds videos; they are uploaded and submitted one after the other, a few at once. */
export function addSubmissions(
  client: StyleFlowClient,
  contents: readonly Submission['content'][],
  options: JobOptions,
): void {
  const added = contents.map((content): Submission => {
    made += 1;
    const isFile = 'file' in content;
    return {
      key: `${Date.now()}-${made}`,
      name: isFile ? content.file.name : content.url,
      content,
      options,
      phase: 'waiting',
      sentBytes: 0,
      totalBytes: isFile ? content.file.size : 0,
      error: null,
      uploadId: undefined,
      jobId: undefined,
    };
  });
  submissions.update((all) => [...added, ...all]);
  current = client;
  startNext();
}

export function stopSubmission(key: string): void {
  stops.get(key)?.abort();
  change(key, ({ phase }) => (phase === 'submitted' || phase === 'failed' ? {} : { phase: 'canceled' }));
}

/** Tries one again that was interrupted, stopped or refused; what has arrived of it stays. */
export function goOnWith(client: StyleFlowClient, key: string): void {
  change(key, () => ({ phase: 'waiting', error: null }));
  current = client;
  startNext();
}

export function forgetSubmission(key: string): void {
  stopSubmission(key);
  submissions.update((all) => all.filter((each) => each.key !== key));
}

/** Stops what is under way and forgets all: what one key has added is not shown to the next. */
export function forgetAll(): void {
  current = null;
  for (const { key } of submissions.get()) forgetSubmission(key);
}

/** Goes on with what an outage has interrupted. */
export function goOnAfterOutages(client: StyleFlowClient): () => void {
  return connection.subscribe(() => {
    if (connection.get().state !== 'back') return;
    for (const { key, phase } of submissions.get()) if (phase === 'paused') goOnWith(client, key);
  });
}

/** Has the browser ask before the page is left while something is on its way. */
export function askBeforeLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (isSending.get()) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask);
  return () => window.removeEventListener('beforeunload', ask);
}

/** One of those that were submitted before the page was loaded anew: of its content the name is left. */
function asSubmission({ key, name, jobId }: { key: string; name: string; jobId: string }): Submission {
  const nothing = { options: {}, sentBytes: 0, totalBytes: 0, error: null, uploadId: undefined };
  return { key, name, jobId, content: { url: name }, phase: 'submitted', ...nothing };
}

function change(key: string, by: (now: Submission) => Partial<Submission>): void {
  submissions.update((all) => all.map((each) => (each.key === key ? { ...each, ...by(each) } : each)));
}

const lanesOf = ({ totalBytes }: Submission): number => (totalBytes > LARGE_BYTES ? LANES : SMALL_LANES);

function startNext(): void {
  if (current === null) return;
  // The oldest of those that wait stands last.
  for (const next of submissions.get().toReversed()) {
    if (next.phase !== 'waiting') continue;
    const lanes = lanesOf(next);
    if (lanesUsed + lanes > LANES) return;
    lanesUsed += lanes;
    void run(current, next).finally(() => {
      lanesUsed -= lanes;
      startNext();
    });
  }
}

async function run(client: StyleFlowClient, submission: Submission): Promise<void> {
  const { key, content, options } = submission;
  const stop = new AbortController();
  stops.set(key, stop);
  try {
    // The same key with each try: what was submitted by one that seemed to fail is not submitted again.
    const common = { options, idempotencyKey: `console-${key}`, signal: stop.signal };
    if ('url' in content) {
      change(key, () => ({ phase: 'submitting' }));
      const job = await client.jobs.submitUrl(content.url, common);
      change(key, () => ({ phase: 'submitted', jobId: job.id }));
      return;
    }
    change(key, () => ({ phase: 'uploading' }));
    const job = await client.jobs.submitVideo(content.file, {
      ...common,
      ...(submission.uploadId === undefined ? {} : { resume: submission.uploadId }),
      onOpened: ({ uploadId }) => change(key, () => ({ uploadId })),
      onProgress: (sentBytes, totalBytes) =>
        change(key, () => ({ sentBytes, totalBytes, phase: sentBytes >= totalBytes ? 'submitting' : 'uploading' })),
    });
    change(key, () => ({ phase: 'submitted', jobId: job.id }));
  } catch (error) {
    if (stop.signal.aborted) return;
    lookAtError(error);
    change(key, () => ({ phase: isUnreachable(error) ? 'paused' : 'failed', error }));
  } finally {
    stops.delete(key);
  }
}
