import type { ErrorCode } from '@styleflow/contracts';
import type { ExecutionProvider } from './execution-providers.js';
import type { Feeds, SessionOptions, Tensor } from './session.js';

/** What an inference thread is started with. */
export interface ThreadStart {
  readonly model: string | Uint8Array;
  readonly options: SessionOptions;
}

export interface RunRequest {
  readonly type: 'run';
  readonly id: number;
  readonly feeds: Feeds;
}

/** `close`: drop what waits, end what runs, leave. */
export type ThreadRequest = RunRequest | { readonly type: 'close' };

/** An error as it crosses the thread's border: classes do not survive it. */
export interface ThreadFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

export type ThreadReply =
  | {
      readonly type: 'opened';
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      readonly provider: ExecutionProvider;
    }
  | { readonly type: 'refused'; readonly fault: ThreadFault }
  | {
      readonly type: 'ran';
      readonly id: number;
      /** The feeds' memory comes back whatever happened. */
      readonly feeds: Feeds;
      readonly outcome:
        | { readonly outputs: Readonly<Record<string, Tensor>>; readonly seconds: number }
        | { readonly fault: ThreadFault };
    };

/**
 * The memory behind tensors, once each, to be handed over instead of copied. Memory that is shared with other values
 * (a view into a pool) must not be handed over: it is left to be copied.
 */
export function transferable(tensors: Readonly<Record<string, Tensor>>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (data.buffer instanceof ArrayBuffer && data.byteOffset === 0) buffers.add(data.buffer);
  }
  return [...buffers];
}
