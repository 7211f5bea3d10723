import type { ViewedFace, ViewedJob, ViewedResult } from './facts/viewed-job.js';

export function someJob(changes: Partial<ViewedJob> = {}): ViewedJob {
  return {
    id: 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
    status: 'succeeded',
    source: { type: 'url', url: 'https://videos.example/a.mp4' },
    options: {
      ...{ maxFrames: 0, sampling: 'head', faces: 'all', detection: 'adaptive', priority: 5, keepCrops: false },
    },
    metadata: {},
    createdAt: '2026-03-01T10:00:00.000Z',
    ...changes,
  };
}

/** A face that is seen from the beginning on, with so many clips at 25 frames a second. */
export function someFace(track: number, clips: number): ViewedFace {
  const box = [10, 10, 90, 110] as [number, number, number, number];
  return {
    ...{ track, rank: track + 1, frames: [0, clips * 32], frameCount: clips * 32, framesUnused: 0, firstScore: 0.9 },
    score: 0.5,
    boxes: [
      { frame: 0, seconds: 0, box },
      { frame: clips * 32, seconds: (clips * 32) / 25, box },
    ],
    clips: Array.from({ length: clips }, (_, index) => ({
      ...{ index, frames: [index * 32, index * 32 + 31] as [number, number], padded: false, logit: 0 },
      seconds: [(index * 32) / 25, (index * 32 + 31) / 25] as [number, number],
      ...{ score: (index % 10) / 10, picture: '', details: '' },
    })),
  };
}

export function someResult(faces: readonly ViewedFace[]): ViewedResult {
  const times = { createdAt: '2026-03-01T10:00:00.000Z', startedAt: null, finishedAt: '2026-03-01T10:01:00.000Z' };
  const digest = 'ab'.repeat(32);
  return {
    job: 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
    verdict: { label: 'fake', score: 0.5, threshold: 0.2 },
    partial: false,
    faces: [...faces],
    video: {
      ...{ sha256: digest, bytes: 1000, container: 'mov', codec: 'h264', width: 640, height: 360, rotation: 0 },
      ...{ fps: 25, durationSeconds: 60, hasAudio: false, framesUsed: 1500, framesDamaged: 0 },
    },
    model: {
      ...{ bundle: 'a@0123456789ab', digest, variant: 'content', precision: 'fp32', trained: true },
      ...{ provider: 'cpu', batchSize: 1 },
    },
    pipeline: { version: '0.1.0', preprocessing: digest },
    timings: { ...times, steps: {} },
  };
}
