import { JobError, lackOf } from '@styleflow/contracts';
import type { RateFloorOptions } from '@styleflow/runtime';
import { decodeBody, isUndecodable } from './content-coding.js';
import { type FetchProgress, saveStream } from './save-stream.js';
import { readAnswer } from './source-answer.js';
import { readBody, SourceChanged } from './source-body.js';
import { type OpenedSource, type OpenerOptions, SourceOpener } from './source-opener.js';
import { nameOf } from './source-url.js';
import { type Deadline, startDeadline } from './start-deadline.js';

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

export interface FetchUrlOptions extends FetchOptions, OpenerOptions {
  readonly url: string;
  readonly floor: RateFloorOptions;
}

export interface FetchedSource {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The content type that the source states; null when it states none. */
  readonly contentType: string | null;
}

/** So often a file may change while it is fetched; what changes more often is never whole. */
const MOST_CHANGES = 2;

/**
 * Fetches a URL into one new local file, with its SHA-256. A connection that breaks is taken up again where the source can tell its
 * file from others; the digest is of the whole, as it lies in the file.
 * @throws JobError `source_forbidden` (scheme, port, an address that is not public, a denied host, a redirect from https to http), `source_too_large`,
 *   `source_unreachable` (retryable for 5xx, silence, dripping, broken connections and names that are not answered for; not
 *   for 4xx, names that do not exist and certificates of another; `away: names` when the name service answers for no name, `away: pause` when the source
 *   says when to come again), `internal` when the file cannot be written (`away: scratch`); the signal's reason after an abort.
 */
export async function fetchUrl(options: FetchUrlOptions): Promise<FetchedSource> {
  const deadline = startDeadline(options);
  const { signal } = deadline;
  // The look-up of a name cannot be aborted, so an abort only ends the waiting for it.
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  ended.catch(() => undefined);
  const name = URL.canParse(options.url) ? nameOf(new URL(options.url)) : 'the source';
  let opened: OpenedSource | undefined;
  try {
    signal.throwIfAborted();
    const opener = new SourceOpener(options, signal);
    opened = await Promise.race([opener.open(options.url), ended]);
    for (let changes = 0; ; changes += 1) {
      try {
        return await saveAnswer(opened, { opener, deadline, options });
      } catch (error) {
        if (!(error instanceof SourceChanged) || changes === MOST_CHANGES) throw error;
        opened.answer.destroy();
        opened = error.opened;
      }
    }
  } catch (error) {
    if (error instanceof SourceChanged) error.opened.answer.destroy();
    throw signal.aborted ? signal.reason : wordFailure(name, error);
  } finally {
    opened?.answer.destroy();
    deadline.stop();
  }
}

async function saveAnswer(
  opened: OpenedSource,
  { opener, deadline, options }: { opener: SourceOpener; deadline: Deadline; options: FetchUrlOptions },
): Promise<FetchedSource> {
  deadline.touch();
  const facts = readAnswer(opened.url, opened.answer);
  const body = readBody(opened, facts, { opener, signal: deadline.signal, onAnswer: () => deadline.touch() });
  try {
    const plain = await decodeBody(body, facts.codings);
    const { toFile, maxBytes, floor } = options;
    const saved = await saveStream(plain, {
      ...{ toFile, maxBytes, floor },
      totalBytes: facts.codings.length === 0 ? facts.bytes : null,
      onProgress(progress) {
        deadline.touch();
        options.onProgress?.(progress);
      },
    });
    return { ...saved, contentType: opened.answer.headers['content-type'] ?? null };
  } catch (error) {
    if (!isUndecodable(error)) throw error;
    const message = `${nameOf(opened.url)} answered with the encoding ${facts.codings.join(', ')}, and its bytes are none`;
    throw new JobError('source_unreachable', message, { cause: error, retryable: false });
  } finally {
    body.destroy();
  }
}

function wordFailure(name: string, error: unknown): JobError {
  if (error instanceof JobError) return error;
  if (error instanceof SourceChanged) {
    const message = `${name} became another file while it was fetched, again and again`;
    return new JobError('source_unreachable', message, { cause: error });
  }
  const { code = 'unknown' } = error as { code?: string };
  const away = lackOf(error);
  return new JobError('source_unreachable', `${name} could not be fetched (${code})`, {
    cause: error,
    ...(away && { away }),
  });
}
