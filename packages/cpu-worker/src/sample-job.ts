import { JobOptionsSchema, mintJobId, type Prepared, type PreparedTrack } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';

/** A job's record as it stands while finish works, for tests. */
export function sampleRecord(changes: Partial<JobRecord> = {}): JobRecord {
  return {
    id: mintJobId(),
    owner: 'local',
    run: 1,
    status: 'scoring',
    progress: { percent: 90, framesDecoded: 96, framesTotal: 96, clipsPlanned: 3, clipsScored: 3 },
    source: { type: 'url', url: 'https://videos.example/interview.mp4?token=secret' },
    isSourceSealed: false,
    options: JobOptionsSchema.parse({}),
    bundle: {
      id: 'sample@0123456789ab',
      digest: '0123456789ab'.padEnd(64, '0'),
      variant: 'style-content',
      precision: 'fp32',
      trained: true,
      threshold: 0.2,
      calibration: { a: 1, b: 0 },
    },
    metadata: {},
    createdAt: '2026-03-01T10:00:00.000Z',
    startedAt: '2026-03-01T10:00:01.000Z',
    finishedAt: null,
    attempts: 1,
    cancelRequested: false,
    isWaiting: false,
    revision: 5,
    ...changes,
  };
}

/** A track at 25 frames a second from `firstFrame` on, cut into whole clips. */
export function sampleTrack(track: number, clips: number, firstFrame = 0): PreparedTrack {
  const frames = clips * 32;
  const last = firstFrame + frames - 1;
  return {
    track,
    frames: [firstFrame, last],
    frameCount: frames,
    framesUnused: 0,
    firstScore: 0.9,
    boxes: [firstFrame, last].map((frame) => ({ frame, seconds: frame / 25, box: [100, 80, 180, 190] })),
    clips: Array.from({ length: clips }, (_, index) => {
      const [from, to] = [firstFrame + index * 32, firstFrame + index * 32 + 31];
      return { index, frames: [from, to], seconds: [from / 25, to / 25], padded: false };
    }),
  };
}

export function samplePrepared(tracks: readonly PreparedTrack[]): Prepared {
  const framesUsed = tracks.reduce((most, { frames }) => Math.max(most, frames[1] + 1), 96);
  return {
    v: 1,
    video: {
      sha256: 'ab'.repeat(32),
      bytes: 1_400_000,
      container: 'mov',
      codec: 'h264',
      width: 1280,
      height: 720,
      rotation: 0,
      fps: 25,
      durationSeconds: 53.2,
      hasAudio: true,
      framesUsed,
      framesDamaged: 0,
    },
    tracks: [...tracks],
    steps: { fetch: 0.2, probe: 0.1, decode: 1.5, detect: 2.25 },
    preprocessing: 'cd'.repeat(32),
  };
}
