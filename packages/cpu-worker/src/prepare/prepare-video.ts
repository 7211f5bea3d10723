import { listScores, scorePlaces, writeClip } from '@styleflow/clips';
import { type DetectionMode, type Prepared, variantsOf, type WholeFrame } from '@styleflow/contracts';
import {
  cutFaceClips,
  emptyCutStats,
  encodeWholeFrame,
  type FaceDetector,
  giveCropsBack,
  stretchFor,
} from '@styleflow/faces';
import {
  type DecodeStats,
  emptyDecodeStats,
  ffmpegVersion,
  listPictures,
  planWindows,
  probeVideo,
  readFrames,
  SpareMemory,
} from '@styleflow/media';
import { frameKey, type ObjectStore, sourceKey } from '@styleflow/storage';
import { writePrepared } from '../prepared/write-prepared.js';
import { bindRun } from './bind-run.js';
import { ClipShelf } from './clip-shelf.js';
import { countFrames, describeVideo } from './describe-video.js';
import { digestPixels, type EncodedClip, encode } from './encoded-clip.js';
import { FrameBook } from './frame-book.js';
import { noteOddities } from './note-oddities.js';
import type { PrepareEvent, PrepareLimits, PrepareProgress, PrepareTask } from './prepare-messages.js';
import { type PreviewWork, previewWork } from './preview-work.js';
import { putFile } from './put-file.js';
import { reencode, reencodingRules } from './reencode-clip.js';
import { StepClock } from './step-clock.js';
import { TrackBook } from './track-book.js';
import { workAhead } from './work-ahead.js';

/** Clips that are encoded or wait to be stored while the next frames are looked at: 6.3 MB each, and as much again. */
const CLIPS_AHEAD = 2;
/** A video's frames lie where those of the one before lay in this thread. Those of large ones cost their decoding, not their memory. */
const frameMemory = new SpareMemory(16_000_000);

export interface PreparePorts {
  readonly store: ObjectStore;
  readonly detector: FaceDetector;
  readonly limits: PrepareLimits;
  /** Digest of everything that decides the pixels of a clip. */
  readonly preprocessing: Readonly<Record<DetectionMode, string>>;
  /** Digest of the face detector. */
  readonly detectorDigest: string;
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
 * The CPU stage, step by step: probe, decode, detect, track, align, cut, store.
 *
 * It works while someone asks for the next event; otherwise it comes to rest with the next clips in hand. Each clip is
 * stored before it is told, and the account of the whole run after its last clip, so whoever finds the account knows that
 * nothing is missing. All objects have derived keys: a repeated run writes the same bytes to the same places.
 * @throws JobError for whatever is wrong with the source, the video or the store; the signal's reason.
 */
export async function* prepareVideo(
  task: PrepareTask,
  ports: PreparePorts,
  view: PrepareView,
  signal: AbortSignal,
): AsyncGenerator<PrepareEvent, void> {
  const { store, limits } = ports;
  const preview = previewWork(task, { store, media: limits.media, threads: limits.decodeThreads }, signal);
  const rings: Uint8Array[] = [];
  const memory = (bytes: number): Uint8Array => {
    const ring = frameMemory.take(bytes);
    rings[0] = ring;
    return ring;
  };
  try {
    yield* prepareSteps(task, { ...ports, preview, memory }, view, signal);
  } finally {
    // Only that of the last run of ffmpeg: frames of the run before may have been looked at while it began.
    for (const ring of rings) frameMemory.give(ring);
    await preview.stop();
  }
}

async function* prepareSteps(
  task: PrepareTask,
  ports: PreparePorts & { readonly preview: PreviewWork; readonly memory: (bytes: number) => Uint8Array },
  view: PrepareView,
  signal: AbortSignal,
): AsyncGenerator<PrepareEvent, void> {
  const { store, limits, preview } = ports;
  const { maxFrames, sampling, faces, detection, keepCrops } = task.options;
  const preprocessing = ports.preprocessing[detection];
  const clock = new StepClock();
  const { source } = task;
  const { file } = source;
  clock.add('fetch', source.fetchSeconds);

  yield { type: 'step', step: 'probe' };
  const info = await clock.time('probe', () => probeVideo(file, limits.media, signal));
  const pictures = sampling === 'spread' ? await clock.time('probe', () => listPictures(file, info, signal)) : null;
  const windows = planWindows(info, sampling, maxFrames, limits.media.maxFrames, pictures);
  view.framesTotal = countFrames(info, windows);

  yield { type: 'step', step: 'decode' };
  preview.begin(info, windows);
  // Clips that an earlier attempt of the run brought to a score need not be stored again.
  const variants = variantsOf(task.options);
  await bindRun(store, task, preprocessing + (await reencodingRules(variants)), task.source.sha256);
  const scored = await listScores(store, task, scorePlaces(task.bundles, variants));
  const stretch = detection === 'adaptive' ? stretchFor(info) : 0;
  const frames = readFrames(file, info, {
    windows,
    limits: limits.media,
    threads: limits.decodeThreads,
    held: Math.max(1, stretch),
    memory: ports.memory,
    signal,
    stats: view.stats,
  });
  const cut = emptyCutStats();
  const book = new TrackBook();
  const frameBook = new FrameBook((frame) => clock.time('frames', () => encodeWholeFrame(frame)));
  // With `primary`, clips of other faces wait on disk instead of being scored for nothing.
  const shelf = faces === 'primary' ? new ClipShelf(task.folder) : null;
  const told = { clips: 0, bytes: 0 };
  async function* hand(ready: Iterable<EncodedClip> | AsyncIterable<EncodedClip>): AsyncGenerator<PrepareEvent, void> {
    for await (const clip of ready) {
      const { track, index } = clip;
      const ref = { job: task.job, run: task.run, track, clip: index };
      const again = variants.length === 0 ? [] : await clock.time('reencode', () => reencode(clip, variants, signal));
      told.bytes += await clock.time('store', () => writeClip(store, ref, { ...clip, variants: again }));
      told.clips += 1;
      yield { type: 'clip', track, clip: index, isScored: false };
    }
  }
  const cutting = cutFaceClips(frames, ports.detector, {
    ...{ maxFaces: limits.maxFaces, stretch, stats: cut },
    onFrame: (frame, seen) => frameBook.look(frame, seen),
  });
  const encoding = workAhead(
    cutting,
    async (found) => {
      if (found.kind === 'track') return { found, sha256: '', encoded: null };
      const sha256 = digestPixels(found);
      const isScored = scored.has(found.track, found.index);
      const encoded = isScored ? null : await clock.time('encode', () => encode(found, keepCrops));
      giveCropsBack(found.crops);
      return { found, sha256, encoded };
    },
    CLIPS_AHEAD,
  );
  for await (const { found, sha256, encoded } of encoding) {
    signal.throwIfAborted();
    if (found.kind === 'track') {
      book.endTrack(found);
      await shelf?.endTrack(found);
      continue;
    }
    book.addClip(found, sha256);
    if (encoded === null) {
      told.clips += 1;
      yield { type: 'clip', track: found.track, clip: found.index, isScored: true };
      continue;
    }
    yield* hand(shelf ? shelf.offer(encoded) : [encoded]);
  }
  const tracks = book.list(faces);
  if (shelf && tracks[0]) yield* hand(shelf.end(tracks[0].track));
  clock.add('decode', view.stats.decodeSeconds);
  clock.add('detect', cut.detectSeconds);
  clock.add('cut', cut.cutSeconds);

  signal.throwIfAborted();
  const wholeFrames: WholeFrame[] = [];
  for (const { picture, ...frame } of frameBook.choose(tracks)) {
    await clock.time('store', () => store.put(frameKey(task.job, task.run, frame.frame), picture, 'image/jpeg'));
    told.bytes += picture.length;
    wholeFrames.push(frame);
  }
  const seen = await clock.time('preview', () => preview.end(view.stats.frames));
  const keptBytes = (seen?.bytes ?? 0) + (task.keepsSource ? source.bytes : 0);
  told.bytes += keptBytes;
  if (task.keepsSource) {
    const kept = { key: sourceKey(task.job), file, contentType: 'application/octet-stream', signal };
    await clock.time('store', () => putFile(store, kept));
  }
  const account: Prepared = {
    v: 1,
    video: describeVideo(source, info, view.stats),
    tracks,
    cuts: cut.cuts,
    frames: wholeFrames,
    ...(seen !== undefined && { preview: seen }),
    notes: noteOddities(info, windows, view.stats),
    steps: clock.seconds,
    detection,
    preprocessing,
    detector: ports.detectorDigest,
    ffmpeg: await ffmpegVersion(),
  };
  await writePrepared(store, task, account);
  yield {
    type: 'prepared',
    tracks: tracks.length,
    clips: told.clips,
    frames: view.stats.frames,
    bytesStored: told.bytes,
    bytesKept: keptBytes,
    steps: clock.seconds,
    facesDetected: cut.facesDetected,
    warps: cut.warps,
  };
}
