import { createHash } from 'node:crypto';
import { JobError } from '@styleflow/contracts';

export interface MeteredBody {
  /** The body's chunks; they can be read once. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /**
   * What ended the body early: its own error, its length or the abort. Without it, a failed write is the store's fault.
   */
  readonly failure: { readonly thrown: unknown } | undefined;
  /** Length and digest of what has been read so far. */
  total(): { bytes: number; sha256: string };
}

/**
 * Counts and digests a body while it is stored. Beyond `maxBytes`, or on an abort, it makes the body throw, even while
 * the body itself gives nothing. Stores fail a write whose body throws, and so leave nothing behind.
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
      // Not awaited, since a body that gives nothing may never end. What it throws now does not matter any more.
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
 * Waits for the step, or for the abort if that comes first. Each step has its own listener, which is removed after it.
 * A single promise of the abort, raced by all steps, would keep every chunk of the body in memory until the end.
 */
function orAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
