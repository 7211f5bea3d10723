import type { IncomingMessage } from 'node:http';
import { JobError } from '@styleflow/contracts';
import { certificateFault } from './certificate-fault.js';
import { type DeniedHosts, deniedHosts } from './denied-hosts.js';
import { type ResolveName, resolveByDns } from './look-up-name.js';
import { resolveHost } from './resolve-host.js';
import { sendPost } from './send-post.js';

export interface PostWebhookOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether addresses are allowed that are not on the public internet. */
  readonly allowPrivate: boolean;
  /** Ports of public addresses that may be asked. */
  readonly ports: readonly number[];
  readonly denied?: DeniedHosts;
  /** For everything together, from the look-up of the name to the last byte that is read. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Looks up names. Default: the system's look-up. */
  readonly resolveName?: ResolveName;
}

/** What became of a call: delivered when `error` is null. */
export interface PostedWebhook {
  /** Of the answer; null where there was none. */
  readonly status: number | null;
  /** A sentence for whoever set the webhook up, without the query of its address. */
  readonly error: string | null;
  /** Another try would end in the same way. */
  readonly isFinal: boolean;
}

/** Of an answer; nobody reads more, whatever it sends. */
const MOST_ANSWER_BYTES = 8_192;

/**
 * Sends one POST to a webhook, over a connection that is judged as those to sources are. It follows no redirect, and reads little of
 * the answer. Never rejects, but with the signal's reason.
 */
export async function postWebhook(options: PostWebhookOptions): Promise<PostedWebhook> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  ended.catch(() => undefined);
  const seen: { status: number | null } = { status: null };
  try {
    signal.throwIfAborted();
    // The look-up of a name cannot be aborted: an abort only ends the waiting for it.
    return judge(await Promise.race([post(options, signal, seen), ended]));
  } catch (error) {
    // Its status had come, and counts, however long the rest of its answer takes.
    if (seen.status !== null) return judge(seen.status);
    if (options.signal?.aborted) throw options.signal.reason;
    if (timeout.aborted) return failed(`It gave no answer within ${options.timeoutMs / 1000} s.`);
    return failed(whyNot(error), error instanceof JobError && error.code === 'source_forbidden');
  }
}

/** The status of the answer. `seen` has it as soon as it has come. */
async function post(
  options: PostWebhookOptions,
  signal: AbortSignal,
  seen: { status: number | null },
): Promise<number> {
  const { allowPrivate, ports, denied = deniedHosts([]), resolveName = resolveByDns } = options;
  const url = new URL(options.url);
  const addresses = await resolveHost(url, { allowPrivate, ports, denied, resolveName });
  const headers = { ...options.headers, 'content-type': 'application/json' };
  const answer = await sendPost(url, addresses, { body: options.body, headers, signal });
  const { statusCode: status = 0 } = answer;
  seen.status = status;
  try {
    await readSome(answer);
  } finally {
    answer.destroy();
  }
  return status;
}

function judge(status: number): PostedWebhook {
  if (status >= 200 && status < 300) return { status, error: null, isFinal: false };
  const redirect = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  // 410: the receiver wants nothing more.
  return { status, error: `It answered ${status}${redirect}.`, isFinal: status === 410 };
}

/** Lets a short answer end, as its sender expects; of a long one the rest is not read. */
async function readSome(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  answer.on('error', () => undefined);
  try {
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_ANSWER_BYTES) return;
    }
  } catch {
    return;
  }
}

const failed = (error: string, isFinal = false): PostedWebhook => ({ status: null, error, isFinal });

function whyNot(error: unknown): string {
  if (!(error instanceof JobError)) {
    const fault = certificateFault(error);
    if (fault !== null) return `Its certificate ${fault}.`;
    const { code = 'unknown' } = error as { code?: string };
    return `It could not be reached (${code}).`;
  }
  if (error.code === 'source_forbidden') {
    return 'This address may not be called: it is not on the public internet (STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS), is denied, or has another port than are allowed.';
  }
  return error.retryable ? 'Its name could not be looked up.' : 'Its name has no address on the public internet.';
}
