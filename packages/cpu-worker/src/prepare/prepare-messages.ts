import type { ClipRef, JobOptions, JobRun } from '@styleflow/contracts';
import type { DetectorModel } from '@styleflow/faces';
import type { MediaLimits } from '@styleflow/media';
import type { FetchedSource } from '@styleflow/sources';
import type { StoreSettings } from '@styleflow/storage';

/** What one prepare thread is started with. */
export interface ThreadStart {
  readonly store: StoreSettings;
  /** As the main thread has identified it; without it the store is not guarded by its marker. */
  readonly storeId?: string;
  readonly detector: DetectorModel;
  readonly limits: PrepareLimits;
}

/** Limits of one job, all settings. */
export interface PrepareLimits {
  readonly media: MediaLimits;
  readonly maxFaces: number;
  readonly decodeThreads: number;
  readonly detectThreads: number;
}

/** One attempt's work. */
export interface PrepareTask extends JobRun {
  /** The video, fetched before. */
  readonly source: FetchedSource & { readonly file: string; readonly fetchSeconds: number };
  readonly options: JobOptions;
  /** Whether a small video is to be kept of what is looked at. */
  readonly preview: boolean;
  /** Whether the source is to be copied to the job's own place. */
  readonly keepsSource: boolean;
  /** Whose scores a clip needs, of a job that several bundles judge (see `ClipRef`). */
  readonly bundles?: readonly string[];
  /** An empty folder of this attempt's own. */
  readonly folder: string;
}

/**
 * `start`, then `next` until it answers `prepared`: without a `next` the thread rests once a few clips are in hand, so whoever
 * asks decides the pace. `look` and `stop` may come at any time; `stop` answers when the work has ended and its ffmpeg is gone.
 * `redraw` needs no start.
 */
export type PrepareRequest =
  | { readonly type: 'start'; readonly task: PrepareTask }
  | { readonly type: 'next' }
  | { readonly type: 'look' }
  | { readonly type: 'redraw'; readonly from: ClipRef; readonly to: ClipRef }
  | { readonly type: 'stop' };

/** `fetch` is told by the main thread, before it lends a thread. */
export type PrepareStep = 'fetch' | 'probe' | 'decode';

export type PrepareEvent =
  | { readonly type: 'step'; readonly step: PrepareStep }
  /** The clip's pixels and picture are stored, or were in an earlier attempt that also scored it. */
  | { readonly type: 'clip'; readonly track: number; readonly clip: number; readonly isScored: boolean }
  /** `prepared.json` is stored: the last event. */
  | {
      readonly type: 'prepared';
      readonly tracks: number;
      readonly clips: number;
      readonly frames: number;
      readonly bytesStored: number;
      /** Of those, what is kept for people: preview and source. */
      readonly bytesKept: number;
      readonly steps: Readonly<Record<string, number>>;
      readonly facesDetected: number;
      readonly warps: number;
    };

export interface PrepareProgress {
  readonly framesDecoded: number;
  readonly framesTotal: number | null;
}

export type PrepareAnswer =
  | { readonly type: 'ok' }
  | { readonly type: 'event'; readonly event: PrepareEvent }
  | { readonly type: 'progress'; readonly progress: PrepareProgress };
