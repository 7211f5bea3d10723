import {
  type CutFaceClipsOptions,
  cutFaceClips,
  emptyCutStats,
  type FaceDetector,
  giveCropsBack,
  stretchFor,
} from '@styleflow/faces';
import { cpuCostOf } from './cpu-cost.js';
import type { HeldVideo } from './media-cost.js';

const MAX_FACES = 10;

/** CPU milliseconds of a frame. */
export interface FaceCost {
  /** Searching for faces, and the mesh. */
  readonly detect: number;
  /** Everything else from frames to clips: scenes, tracks, copying rectangles, aligning, warping. */
  readonly cut: number;
  /** How often a frame is looked at. */
  readonly looks: number;
  /** The first clip that was cut, `[32, 256, 256, 3]`; null without a face. */
  readonly crops: Uint8Array | null;
}

/** Cuts clips of frames that lie in memory: nothing else runs in this process meanwhile. */
export async function measureFaces(
  { info, frames }: HeldVideo,
  detector: FaceDetector,
  mode: 'dense' | 'adaptive',
): Promise<FaceCost> {
  const stats = emptyCutStats();
  const detecting = { ms: 0 };
  const options: CutFaceClipsOptions = {
    maxFaces: MAX_FACES,
    stretch: mode === 'adaptive' ? stretchFor(info) : 0,
    stats,
  };
  let crops: Uint8Array | null = null;
  const all = await cpuCostOf(async () => {
    for await (const found of cutFaceClips(inTurn(frames), measuring(detector, detecting), options))
      if (found.kind === 'clip') {
        if (crops) giveCropsBack(found.crops);
        crops ??= found.crops;
      }
  });
  const each = (ms: number): number => ms / frames.length;
  return { detect: each(detecting.ms), cut: each(all.ownMs - detecting.ms), looks: each(stats.looks), crops };
}

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}

/** The same detector, the processor time of its looks added up. */
function measuring(detector: FaceDetector, sum: { ms: number }): FaceDetector {
  const measured = async <Found>(look: () => Promise<Found>): Promise<Found> => {
    const before = process.cpuUsage();
    try {
      return await look();
    } finally {
      const { user, system } = process.cpuUsage(before);
      sum.ms += (user + system) / 1000;
    }
  };
  return {
    trackScores: detector.trackScores,
    detect: (frame, changed) => measured(() => detector.detect(frame, changed)),
    follow: (frame) => measured(() => detector.follow(frame)),
    isSearchDue: (frame) => detector.isSearchDue(frame),
    checkpoint: () => detector.checkpoint(),
    forget: () => detector.forget(),
    release: () => detector.release(),
  };
}
