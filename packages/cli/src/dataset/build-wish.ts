import type { BuildPart, DatasetManifest, DatasetPlace } from '@styleflow/datasets';
import type { DatasetSettings } from './env.js';

export interface BuildWish {
  readonly manifest: string;
  readonly out: string;
  readonly data: string | undefined;
  readonly api: string | undefined;
  readonly key: string | undefined;
  readonly bundle: string | undefined;
  readonly psp: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shares: { readonly train: number; readonly validation: number; readonly test: number };
  readonly seed: number;
  readonly videosPerShard: number;
  readonly part: BuildPart;
  readonly parallel: number;
  readonly skipFailed: boolean;
}

export interface BuildPorts {
  readonly place: DatasetPlace;
  readonly settings: DatasetSettings;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** What came of it: the whole data set, or what is left to write: how many shards, of which parts. */
export type BuildResult =
  | { readonly manifest: DatasetManifest }
  | { readonly shardsLeft: number; readonly parts: readonly number[] };
