import { createHash } from 'node:crypto';
import { JobError } from '@styleflow/contracts';

export interface MeteredBody {
  /** To be read once. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** Why the body ended early, other than that nobody read on: tells the body's faults from the store's own. */
  readonly failure: { readonly thrown: unknown } | undefined;
  /** Of what has been read. */
  total(): { bytes: number; sha256: string };
}

/**
 * Counts and digests a body while it is stored, and ends it with an error beyond `maxBytes` or on abort, also when the
 * body itself is silent: a store that fails the write on a failing body then leaves nothing behind.
 */
export function meterBody(
  body: AsyncIterable<Uint8Array>,
  options: { maxBytes?: number; signal?: AbortSignal },
): MeteredBody {
  const { maxBytes = Number.POSITIVE_INFINITY, signal } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  let failure: { thrown: unknown } | undefined;

  async function* read(): AsyncGenerator<Uint8Array, void> {
    const iterator = body[Symbol.asyncIterator]();
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      try {
        signal?.throwIfAborted();
        const step = await (signal === undefined ? iterator.next() : orAborted(iterator.next(), signal));
        bytes += step.done === true ? 0 : step.value.byteLength;
        if (bytes <= maxBytes) return step;
        const message = `More than the ${maxBytes} bytes that are allowed`;
        throw new JobError('payload_too_large', message, { details: { maxBytes } });
      } catch (thrown) {
        failure = { thrown };
        throw thrown;
      }
    };
    let isFinished = false;
    try {
      for (let step = await next(); step.done !== true; step = await next()) {
        hash.update(step.value);
        yield step.value;
      }
      isFinished = true;
    } finally {
      // Not awaited: a silent body would hold its end back. What it throws now changes nothing any more.
      if (!isFinished) void iterator.return?.().catch(() => undefined);
    }
  }

  return {
    chunks: read(),
    get failure() {
      return failure;
    },
    total: () => ({ bytes, sha256: hash.copy().digest('hex') }),
  };
}

/**
 * The step, or the abort if that comes first. A listener for each step, taken off after it: one promise of the abort that
 * all steps race would keep every chunk of the body until the end.
 */
function orAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
