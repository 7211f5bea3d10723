import type { JobId } from '@styleflow/contracts';
import type { FetchedSource, FetchTarget } from '@styleflow/sources';
import type { StoreSettings } from '@styleflow/storage';
import type { WholeSource } from './open-source.js';

/** What the fetch thread is started with. */
export interface FetchStart {
  readonly store: StoreSettings;
  /** As the main thread has identified it; without it the store is not guarded by its marker. */
  readonly storeId?: string;
  readonly limits: FetchLimits;
}

/** Limits of one source, all settings. */
export interface FetchLimits {
  readonly maxSourceBytes: number;
  readonly maxFetchSeconds: number;
  /** Of public addresses. */
  readonly sourcePorts: readonly number[];
  /** Bytes a second, after a grace. */
  readonly minSourceRate: number;
  readonly allowPrivateSources: boolean;
  /** Names, addresses and ranges. */
  readonly deniedSources: readonly string[];
}

export interface FetchTask {
  readonly job: JobId;
  readonly source: WholeSource;
  /** Jobs at whose place a copy may lie, which is taken instead of the source: the first that there is. */
  readonly copies: readonly JobId[];
  /** Must not exist yet; it is deleted after a failure. */
  readonly toFile: string;
}

/** `start`, then `next` until it answers `fetched`: each `next` allows the connection that the answer before it named. */
export type FetchRequest =
  | { readonly type: 'start'; readonly id: string; readonly task: FetchTask }
  | { readonly type: 'next'; readonly id: string }
  | { readonly type: 'stop'; readonly id: string };

export type FetchEvent =
  | { readonly type: 'target'; readonly target: FetchTarget }
  | { readonly type: 'fetched'; readonly source: FetchedSource };

export type FetchAnswer = { readonly type: 'ok' } | FetchEvent;
