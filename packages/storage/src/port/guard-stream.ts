import { PassThrough, type Readable } from 'node:stream';

/**
 * Passes a stream on so that every failure of it becomes the error that `toError` makes, also when it ends too early
 * without an error. An abort destroys both streams with the signal's reason. Destroying the returned stream ends the
 * source.
 */
export function guardStream(
  source: Readable,
  options: { bytes: number; toError: (cause: unknown) => Error; signal?: AbortSignal | undefined },
): Readable {
  const { bytes, toError, signal } = options;
  let passed = 0;
  const guarded = new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(passed === bytes ? null : toError(new Error(`${passed} of ${bytes} bytes came`)));
    },
  });
  const onAbort = (): void => {
    const { reason } = signal as AbortSignal;
    guarded.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  };
  // Without a listener an early failure would end the process. A reader that comes later still gets the error.
  guarded.on('error', () => undefined);
  source.on('error', (error) => guarded.destroy(toError(error)));
  source.once('close', () => {
    if (!source.readableEnded) guarded.destroy(toError(new Error('the stream was cut')));
  });
  guarded.once('close', () => {
    signal?.removeEventListener('abort', onAbort);
    source.destroy();
  });
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  source.pipe(guarded);
  return guarded;
}
