import { PassThrough, type Readable } from 'node:stream';

/**
 * The same bytes, with every failure of the stream as `toError` words it: also a silent early end. An abort destroys
 * both streams with the signal's reason; destroying the answer ends the source.
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
  // A stream may fail before its reader listens; who reads it later is told then.
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
