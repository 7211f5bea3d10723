import type { ClipRef } from '@styleflow/contracts';
import type { ExecutionProvider, NodePlacement, SessionOptions } from '@styleflow/inference';
import type { StoreSettings } from '@styleflow/storage';
import type { ThreadFault } from '@styleflow/threads';

/** What the score thread gets at its start. */
export interface ScoreThreadStart {
  readonly graphPath: string;
  /** The graph's path in its bundle, which scores name. */
  readonly graph: string;
  readonly session: SessionOptions;
  readonly maxBatch: number;
  /** The graph has scored a clip on this machine before, in so many seconds: on a CPU it need not prove itself. */
  readonly provenClipSeconds?: number;
  readonly store: StoreSettings;
  /** The store's id, as the main thread has found it. Without it the store is not guarded by its marker. */
  readonly storeId?: string;
  /** How many unpack threads to start; 0: the score thread unpacks. */
  readonly unpackThreads: number;
}

export interface ScoreThreadOpened {
  readonly provider: ExecutionProvider;
  /** Which provider runs the graph's nodes; null on a simulated device, and on the CPU alone. */
  readonly placement: NodePlacement | null;
  /** The most clips in one run that the device is known to hold, or may hold by what is asked. */
  readonly maxBatch: number;
  /** Seconds of the first run at each tensor size that was tried, in that order. */
  readonly warmUp: readonly { readonly batchSize: number; readonly seconds: number }[];
}

/** `load` answers a handle of pixels that stay in the thread until `discard`. */
export type ScoreRequest =
  | { readonly type: 'load'; readonly clip: ClipRef }
  | { readonly type: 'score'; readonly handles: readonly number[] }
  | { readonly type: 'discard'; readonly handle: number };

export type ScoreAnswer =
  /** `handle` is null when a valid score of the clip is already stored. */
  { readonly type: 'loaded'; readonly handle: number | null } | ScoredBatch | { readonly type: 'discarded' };

export interface ScoredBatch {
  readonly type: 'scored';
  /** Clips in the tensor, with the padding. */
  readonly batchSize: number;
  readonly seconds: number;
  /** One for each handle, in order: null where the score is stored. */
  readonly faults: readonly (ThreadFault | null)[];
}
