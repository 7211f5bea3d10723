import type { ClipScore, Prepared, Result } from '@styleflow/contracts';
import type { Language } from '@styleflow/job-view';
import type { JobRecord } from '@styleflow/queue';
import { buildResult } from '../finish/build-result.js';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { reportPage } from './report-page.js';

export interface Shown {
  readonly video?: Partial<Result['video']>;
  readonly prepared?: Partial<Prepared>;
  readonly record?: JobRecord;
  readonly tracks?: readonly ReturnType<typeof sampleTrack>[];
  readonly logit?: (track: number, clip: number) => number | null;
  readonly provider?: string;
  readonly pictureBytes?: number;
  readonly language?: Language;
  readonly details?: Pick<ClipScore, 'styleFlow' | 'attention'>;
}

export const SAMPLE_DETAILS = {
  styleFlow: Array.from({ length: 31 }, (_, step) => Array.from({ length: 18 }, (_, layer) => step * layer)),
  attention: Array.from({ length: 16 }, (_, row) =>
    Array.from({ length: 16 }, (_, column) => (row === column ? 1 : 0)),
  ),
};

/** The report of a job that was made up, as one text. */
export async function showReport({
  video = {},
  prepared = {},
  record = sampleRecord(),
  tracks = [sampleTrack(0, 3)],
  logit = () => 0,
  provider = 'cpu',
  pictureBytes = 60,
  language = 'en',
  details = SAMPLE_DETAILS,
}: Shown): Promise<string> {
  const sample = samplePrepared(tracks);
  const account = { ...sample, ...prepared, video: { ...sample.video, ...video } };
  const planned = tracks.reduce((total, { clips }) => total + clips.length, 0);
  const scored = tracks.flatMap(({ track, clips }) => clips.filter(({ index }) => logit(track, index) !== null)).length;
  const result: Result = buildResult({
    record,
    prepared: account,
    scores: {
      planned,
      scored,
      lastStoredAt: null,
      of: (track, clip) => {
        const value = logit(track, clip);
        return value === null ? null : { v: 1, logit: value, batchSize: 1, provider };
      },
    },
    finishedAt: new Date('2026-03-01T10:00:09.000Z'),
    version: '0.1.0',
  });
  const pieces: string[] = [];
  const picture = Buffer.alloc(pictureBytes, 7);
  for await (const piece of reportPage({
    record,
    result,
    language,
    clipBytes: async () => pictureBytes,
    clipPicture: async () => picture,
    hasFrame: async () => true,
    framePicture: async () => Buffer.from('jpeg'),
    details: async () => details,
  })) {
    pieces.push(piece);
  }
  return pieces.join('');
}

/** The logit whose score, uncalibrated, is this. */
export const logitOf = (score: number): number => Math.log(score / (1 - score));
