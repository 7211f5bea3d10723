import type { ExecutionProvider } from './execution-providers.js';

export type TensorType = 'uint8' | 'float32' | 'int64' | 'int32' | 'bool';

/** A dense tensor in row-major order; `data.length` equals the product of `dims`. */
export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Uint8Array | Float32Array | BigInt64Array | Int32Array;
}

/** Input name to tensor. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** A loaded graph. `run` blocks the calling thread: call it in a worker thread wherever a lock is renewed. */
export interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** The provider that serves it, after fallback. */
  readonly provider: ExecutionProvider;
  run(feeds: Feeds): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}
