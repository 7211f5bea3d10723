import type { ExecutionProvider } from '../device/execution-providers.js';
import type { NodePlacement } from '../session/node-placement.js';
import type { Feeds, SessionOptions, Tensor } from '../session/session.js';
import type { InferenceFault } from './inference-fault.js';

/** What an inference thread gets at its start. */
export interface InferenceStart {
  readonly model: string | Uint8Array;
  readonly options: SessionOptions;
}

export interface InferenceOpened {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly provider: ExecutionProvider;
}

export interface InferenceAnswer {
  /** The feeds, whose memory goes back to the caller even after a failure. */
  readonly feeds: Feeds;
  readonly outcome:
    | {
        readonly outputs: Readonly<Record<string, Tensor>>;
        readonly seconds: number;
        readonly placement: NodePlacement | null;
      }
    | { readonly fault: InferenceFault };
}

/**
 * The buffers behind tensors, each once, to be transferred instead of copied. Views into larger memory (a pool that
 * other values share) are left out, so they are copied.
 */
export function memoryOf(tensors: Readonly<Record<string, Tensor>>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (data.buffer instanceof ArrayBuffer && data.byteOffset === 0) buffers.add(data.buffer);
  }
  return [...buffers];
}
