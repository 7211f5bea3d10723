import type { IncomingMessage } from 'node:http';
import { JobError, lackOf } from '@styleflow/contracts';
import type { RateFloorOptions } from '@styleflow/runtime';
import { type DeniedHosts, deniedHosts } from './denied-hosts.js';
import { type ResolveName, resolveByDns } from './look-up-name.js';
import { requestUrl } from './request-url.js';
import { resolveHost } from './resolve-host.js';
import { type FetchProgress, saveStream } from './save-stream.js';
import { nameOf, parseSourceUrl, redirectTo } from './source-url.js';
import { startDeadline } from './start-deadline.js';

export interface FetchOptions {
  /** The file must not exist yet. It is deleted after a failure. */
  readonly toFile: string;
  readonly maxBytes: number;
  /** Longest time without anything new, beginning with the look-up of the name. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for every chunk. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

export interface FetchTarget {
  readonly host: string;
  readonly addresses: readonly string[];
}

export interface FetchUrlOptions extends FetchOptions {
  readonly url: string;
  /** Whether addresses are allowed that are not on the public internet. */
  readonly allowPrivate: boolean;
  /** Ports of public addresses that may be asked; of private ones, where they are allowed, any. */
  readonly ports: readonly number[];
  /** Never asked, whatever is allowed; default: what is denied everywhere. */
  readonly denied?: DeniedHosts;
  readonly floor: RateFloorOptions;
  /** Called before each connection, of redirects too, with the host's name and addresses; what it throws ends the fetch. */
  readonly onTarget?: ((target: FetchTarget) => Promise<void>) | undefined;
  /** Looks up names. Default: the system's look-up. */
  readonly resolveName?: ResolveName;
}

export interface FetchedSource {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The content type that the source states; null when it states none. */
  readonly contentType: string | null;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** HTTP statuses of client errors that a later try may not meet: time-out, too early, too many requests. */
const PASSING: readonly number[] = [408, 425, 429];

/** Opens a URL. It follows redirects itself, so that each address on the way is checked. */
async function open(options: FetchUrlOptions, signal: AbortSignal): Promise<{ url: URL; answer: IncomingMessage }> {
  const { allowPrivate, ports, denied = deniedHosts([]), resolveName = resolveByDns } = options;
  let url = parseSourceUrl(options.url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const addresses = await resolveHost(url, { allowPrivate, ports, denied, resolveName });
    const target = { host: url.hostname, addresses: addresses.map(({ address }) => address) };
    await options.onTarget?.(target);
    signal.throwIfAborted();
    const answer = await requestUrl(url, addresses, signal);
    const { location } = answer.headers;
    if (!REDIRECTS.includes(answer.statusCode ?? 0) || location === undefined) return { url, answer };
    answer.destroy();
    url = redirectTo(url, location);
  }
  const message = `${nameOf(url)} lies behind more than ${MAX_REDIRECTS} redirects`;
  throw new JobError('source_unreachable', message, { retryable: false });
}

function checkAnswer(url: URL, answer: IncomingMessage): void {
  const { statusCode = 0, headers } = answer;
  if (statusCode !== 200) {
    const retryable = statusCode >= 500 || PASSING.includes(statusCode);
    throw new JobError('source_unreachable', `${nameOf(url)} answered ${statusCode}`, {
      retryable,
      details: { status: statusCode },
    });
  }
  // The request asks for no encoding. A source that encodes anyway is refused, since decoding would need limits of its
  // own.
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity') {
    const message = `${nameOf(url)} answered with the encoding ${encoding}, which was not asked for`;
    throw new JobError('source_unreachable', message, { retryable: false });
  }
}

function lengthOf(answer: IncomingMessage): number | null {
  const length = answer.headers['content-length'];
  return length === undefined ? null : Number(length);
}

/**
 * Fetches a URL into one new local file, with its SHA-256.
 * @throws JobError `source_forbidden` (scheme, port, an address that is not public, a denied host, a redirect from https to http), `source_too_large`,
 *   `source_unreachable` (retryable for 5xx, silence, dripping, broken connections and names that are not answered for; not
 *   for 4xx and names that do not exist; `away: names` when the name service answers for no name), `internal` when the
 *   file cannot be written (`away: scratch`); the signal's reason after an abort.
 */
export async function fetchUrl(options: FetchUrlOptions): Promise<FetchedSource> {
  const deadline = startDeadline(options);
  const { signal } = deadline;
  // The look-up of a name cannot be aborted, so an abort only ends the waiting for it.
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  let answer: IncomingMessage | undefined;
  try {
    signal.throwIfAborted();
    const opened = await Promise.race([open(options, signal), ended]);
    answer = opened.answer;
    deadline.touch();
    checkAnswer(opened.url, answer);
    const onProgress = (progress: FetchProgress): void => {
      deadline.touch();
      options.onProgress?.(progress);
    };
    const { toFile, maxBytes, floor } = options;
    const saved = await saveStream(answer, { toFile, maxBytes, totalBytes: lengthOf(answer), onProgress, floor });
    return { ...saved, contentType: answer.headers['content-type'] ?? null };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof JobError) throw error;
    const { code = 'unknown' } = error as { code?: string };
    const name = URL.canParse(options.url) ? nameOf(new URL(options.url)) : 'the source';
    const away = lackOf(error);
    throw new JobError('source_unreachable', `${name} could not be fetched (${code})`, {
      cause: error,
      ...(away && { away }),
    });
  } finally {
    answer?.destroy();
    deadline.stop();
  }
}
