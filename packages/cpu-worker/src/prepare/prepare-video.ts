import { join } from 'node:path';
import type { Prepared } from '@styleflow/contracts';
import {
  cutFaceClips,
  emptyCutStats,
  encodeClip,
  encodeStrip,
  type FaceClip,
  type FaceDetector,
} from '@styleflow/faces';
import {
  type DecodeStats,
  emptyDecodeStats,
  type MediaInfo,
  planWindows,
  probeVideo,
  readFrames,
} from '@styleflow/media';
import type { FetchedSource } from '@styleflow/sources';
import {
  clipKey,
  clipScoreKey,
  type ObjectStore,
  preparedKey,
  type StoreSettings,
  scoresPrefix,
  stripKey,
} from '@styleflow/storage';
import { fetchSource } from './fetch-source.js';
import type { PrepareEvent, PrepareLimits, PrepareProgress, PrepareTask } from './prepare-messages.js';
import { StepClock } from './step-clock.js';
import { TrackBook } from './track-book.js';

export interface PrepareRooms {
  readonly store: ObjectStore;
  readonly storeSettings: StoreSettings;
  readonly detector: FaceDetector;
  readonly limits: PrepareLimits;
  /** Digest of everything that decides the pixels of a clip. */
  readonly preprocessing: string;
}

/** How far a run has come; may be read at any time. */
export class PrepareView {
  readonly stats: DecodeStats = emptyDecodeStats();
  framesTotal: number | null = null;

  get progress(): PrepareProgress {
    return { framesDecoded: this.stats.frames, framesTotal: this.framesTotal };
  }
}

/**
 * The CPU stage, step by step: fetch, probe, decode, detect, track, align, cut, store.
 *
 * It works while someone asks for the next event and stands still otherwise. Each clip is stored before it is told, and
 * the account of the whole run after its last clip, so whoever finds the account knows that nothing is missing. All
 * objects have derived keys: a repeated run writes the same bytes to the same places.
 * @throws JobError for whatever is wrong with the source, the video or the store; the signal's reason.
 */
export async function* prepareVideo(
  task: PrepareTask,
  rooms: PrepareRooms,
  view: PrepareView,
  signal: AbortSignal,
): AsyncGenerator<PrepareEvent, void> {
  const { store, limits } = rooms;
  const { maxFrames, sampling, faces } = task.options;
  const clock = new StepClock();
  const file = join(task.folder, 'source');

  yield { type: 'step', step: 'fetch' };
  const source = await clock.time('fetch', () => fetchSource(task, file, rooms, signal));

  yield { type: 'step', step: 'probe' };
  const info = await clock.time('probe', () => probeVideo(file, limits.media, signal));
  const windows = planWindows(info, sampling, maxFrames, limits.media.maxFrames);
  view.framesTotal = countFrames(info, windows);

  yield { type: 'step', step: 'decode' };
  const scored = await listScored(store, task);
  const frames = readFrames(file, info, {
    windows,
    limits: limits.media,
    threads: limits.decodeThreads,
    signal,
    stats: view.stats,
  });
  const cut = emptyCutStats();
  const book = new TrackBook();
  let clips = 0;
  let bytesStored = 0;
  for await (const found of cutFaceClips(frames, rooms.detector, { maxFaces: limits.maxFaces, stats: cut })) {
    signal.throwIfAborted();
    if (found.kind === 'track') {
      book.endTrack(found);
      continue;
    }
    const isScored = scored.has(clipScoreKey(task.job, task.run, found.track, found.index));
    if (!isScored) bytesStored += await clock.time('store', () => storeClip(store, task, found));
    book.addClip(found);
    clips += 1;
    yield { type: 'clip', track: found.track, clip: found.index, isScored };
  }
  clock.add('decode', view.stats.decodeSeconds);
  clock.add('detect', cut.detectSeconds);
  clock.add('cut', cut.cutSeconds);

  signal.throwIfAborted();
  const tracks = book.list(faces);
  const account: Prepared = {
    v: 1,
    video: describeVideo(source, info, view.stats),
    tracks,
    steps: clock.seconds,
    preprocessing: rooms.preprocessing,
  };
  await store.put(preparedKey(task.job, task.run), JSON.stringify(account), 'application/json');
  yield {
    type: 'prepared',
    tracks: tracks.length,
    clips,
    frames: view.stats.frames,
    bytesStored,
    steps: clock.seconds,
  };
}

/** Frames that will be read, by what the headers promise; null when they promise nothing. */
function countFrames(info: MediaInfo, windows: readonly { readonly frames: number }[]): number | null {
  if (info.framesEstimated === null) return null;
  const wanted = windows.reduce((total, { frames }) => total + frames, 0);
  return Math.min(info.framesEstimated, wanted);
}

/** Keys of the scores that an earlier attempt of the run brought about: those clips need not be stored again. */
async function listScored(store: ObjectStore, { job, run }: PrepareTask): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of store.list(scoresPrefix(job, run))) keys.add(key);
  return keys;
}

/** Pixels and picture of one clip; answers the bytes written. The pixels last: who finds them finds the picture. */
async function storeClip(
  store: ObjectStore,
  { job, run }: PrepareTask,
  { track, index, crops }: FaceClip,
): Promise<number> {
  const [pixels, strip] = await Promise.all([encodeClip(crops), encodeStrip(crops)]);
  await store.put(stripKey(job, run, track, index), strip, 'image/png');
  await store.put(clipKey(job, run, track, index), pixels, 'application/octet-stream');
  return pixels.length + strip.length;
}

function describeVideo(source: FetchedSource, info: MediaInfo, stats: DecodeStats): Prepared['video'] {
  const { container, codec, width, height, rotation, fps, durationSeconds, hasAudio } = info;
  return {
    sha256: source.sha256,
    bytes: source.bytes,
    container,
    codec,
    width,
    height,
    rotation,
    fps,
    durationSeconds,
    hasAudio,
    framesUsed: stats.frames,
    framesDamaged: stats.damaged,
  };
}
