import { join } from 'node:path';
import type { JobRun, Preview } from '@styleflow/contracts';
import { type MediaInfo, type MediaLimits, makePreview, type SamplingWindow } from '@styleflow/media';
import { type ObjectStore, previewKey } from '@styleflow/storage';
import { putFile } from './put-file.js';

/** Ten minutes at 30 frames a second: nobody looks at a longer one from end to end, and it would cost as much as the analysis. */
const MAX_FRAMES = 18_000;
/** A preview decodes from the beginning: not many more frames than the analysis does, else it would cost several times as much. */
const MAX_TIMES = 4;
const FEW_FRAMES = 64;

interface PreviewTask extends JobRun {
  /** Whether one is wanted. */
  readonly preview: boolean;
  readonly source: { readonly file: string };
  /** An empty folder of this attempt's own. */
  readonly folder: string;
}

/** The preview of a run, which is made while faces are looked for. */
export interface PreviewWork {
  begin(info: MediaInfo, windows: readonly SamplingWindow[]): void;
  /**
   * Waits for it. Undefined where none is wanted, null where there is none all the same: no verdict hangs on it, so no fault of it
   * fails the job but the store's.
   * @param framesSeen how many frames the video turned out to have given
   */
  end(framesSeen: number): Promise<Preview | null | undefined>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** @param signal ends it, too. */
export function previewWork(
  task: PreviewTask,
  { store, media, threads }: { readonly store: ObjectStore; readonly media: MediaLimits; readonly threads: number },
  signal: AbortSignal,
): PreviewWork {
  const closing = new AbortController();
  const stop = AbortSignal.any([signal, closing.signal]);
  const toFile = join(task.folder, 'preview.webm');
  let making: Promise<Preview | null> | undefined;
  let isOneWindow = true;

  async function make(info: MediaInfo, frames: number): Promise<Preview | null> {
    const made = await makePreview(task.source.file, info, {
      frames,
      toFile,
      limits: media,
      threads,
      signal: stop,
    }).catch((error: unknown) => {
      if (stop.aborted) throw error;
      return null;
    });
    if (made === null) return null;
    await putFile(store, {
      key: previewKey(task.job, task.run),
      file: toFile,
      contentType: 'video/webm',
      signal: stop,
    });
    return { ...made, frames };
  }

  return {
    begin(info, windows) {
      if (!task.preview) return;
      isOneWindow = windows.length === 1;
      const frames = framesToShow(windows);
      making = frames === 0 ? Promise.resolve(null) : make(info, frames);
      // Until somebody waits for it, its failure is nobody's.
      making.catch(() => undefined);
    },
    async end(framesSeen) {
      const made = await making;
      // A header, and maxFrames, may promise more than there are; between several windows lie frames that nobody counted.
      return made && isOneWindow ? { ...made, frames: Math.max(1, Math.min(made.frames, framesSeen)) } : made;
    },
    async stop() {
      closing.abort();
      await making?.catch(() => undefined);
    },
  };
}

/** 0 where too much lies between the windows. */
export function framesToShow(windows: readonly Pick<SamplingWindow, 'firstFrame' | 'frames'>[]): number {
  const looked = windows.reduce((sum, { frames }) => sum + frames, 0);
  const last = windows.reduce((most, { firstFrame, frames }) => Math.max(most, firstFrame + frames), 0);
  return last > MAX_TIMES * looked + FEW_FRAMES ? 0 : Math.min(MAX_FRAMES, last);
}
