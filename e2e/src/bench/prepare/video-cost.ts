import type { PreparedTrack, VideoFacts } from '@styleflow/contracts';

/** What it took to prepare one video, as its process reports it. */
export type VideoCost = PreparedCost | RefusedCost;

export interface RefusedCost {
  readonly outcome: 'refused';
  readonly code: string;
  readonly message: string;
  readonly wallSeconds: number;
}

export interface PreparedCost {
  readonly outcome: 'prepared';
  readonly wallSeconds: number;
  readonly workerCpuSeconds: number;
  readonly ffmpegCpuSeconds: number;
  readonly frames: number;
  readonly clips: number;
  readonly facesDetected: number;
  readonly warps: number;
  /** Seconds of each step. Steps overlap. `decode` is the time during which the other steps waited for it. */
  readonly steps: Readonly<Record<string, number>>;
  readonly bytesSource: number;
  readonly bytesStored: number;
  readonly video: VideoFacts;
  readonly tracks: readonly PreparedTrack[];
}

/** The figures of one prepared video, as the benchmark prints them. */
export function figuresOf(cost: PreparedCost, peakMegabytes: number): Record<string, unknown> {
  const { frames, steps, wallSeconds, clips, tracks, video } = cost;
  const all = Object.values(steps).reduce((sum, seconds) => sum + seconds, 0);
  return {
    outcome: 'prepared',
    size: `${video.width}×${video.height}`,
    frames,
    framesDamaged: video.framesDamaged,
    tracks: tracks.map(({ track, frames: [first, last], frameCount }) => `${track}: ${first}–${last} (${frameCount})`),
    clips,
    framesPerSecond: rounded(frames / wallSeconds, 1),
    wallSeconds: rounded(wallSeconds, 3),
    cpuSeconds: { worker: rounded(cost.workerCpuSeconds, 2), ffmpeg: rounded(cost.ffmpegCpuSeconds, 2) },
    steps: Object.fromEntries(
      Object.entries(steps).map(([step, seconds]) => [
        step,
        {
          seconds,
          framesPerSecond: seconds > 0 ? rounded(frames / seconds, 1) : null,
          share: rounded(seconds / all, 3),
        },
      ]),
    ),
    facesDetected: cost.facesDetected,
    warps: { made: cost.warps, needed: warpsNeeded(tracks) },
    bytes: {
      source: cost.bytesSource,
      stored: cost.bytesStored,
      perClip: clips && Math.round(cost.bytesStored / clips),
    },
    peakMegabytes,
  };
}

/** How many warps are needed: one for each frame that a clip covers. */
function warpsNeeded(tracks: readonly PreparedTrack[]): number {
  return tracks.reduce((sum, { frameCount, framesUnused }) => sum + frameCount - framesUnused, 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
