import type { Result } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { describe, expect, it } from 'vitest';
import { buildResult } from '../finish/build-result.js';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { reportPage } from './report-page.js';

interface Shown {
  readonly video?: Partial<Result['video']>;
  readonly record?: JobRecord;
  readonly tracks?: readonly ReturnType<typeof sampleTrack>[];
  readonly logit?: (track: number, clip: number) => number;
  readonly pictureBytes?: number;
}

async function show({
  video = {},
  record = sampleRecord(),
  tracks = [sampleTrack(0, 3)],
  logit = () => 0,
  pictureBytes = 60,
}: Shown) {
  const sample = samplePrepared(tracks);
  const prepared = { ...sample, video: { ...sample.video, ...video } };
  const planned = tracks.reduce((total, { clips }) => total + clips.length, 0);
  const result: Result = buildResult({
    record,
    prepared,
    scores: {
      planned,
      scored: planned,
      lastStoredAt: null,
      of: (track, clip) => ({ v: 1, logit: logit(track, clip), batchSize: 1, provider: 'cpu' }),
    },
    finishedAt: new Date('2026-03-01T10:00:09.000Z'),
    version: '0.1.0',
  });
  const pieces: string[] = [];
  const picture = Buffer.alloc(pictureBytes, 7);
  const styleFlow = Array.from({ length: 31 }, (_, step) => Array.from({ length: 18 }, (_, layer) => step * layer));
  for await (const piece of reportPage({
    record,
    result,
    pictureBytes: async () => pictureBytes,
    picture: async () => picture,
    styleFlow: async () => styleFlow,
  })) {
    pieces.push(piece);
  }
  return pieces.join('');
}

const count = (page: string, text: string): number => page.split(text).length - 1;

describe('reportPage', () => {
  it('asks nothing of any network and runs no script', async () => {
    const page = await show({});
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|\son\w+=/i);
    expect(
      [...page.matchAll(/(?:src|href)="([^"]{0,20})/g)].every(([, target]) =>
        /^(data:image\/png;|#clip-)/.test(target ?? ''),
      ),
    ).toBe(true);
  });

  it('escapes whatever came from outside, and keeps the secrets of a source to itself', async () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const page = await show({ record: sampleRecord({ metadata: { [hostile]: hostile, list: ['<b>'] } }) });
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('<b>"');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toContain('https://videos.example/interview.mp4');
    expect(page).not.toContain('token=secret');
  });

  it('says how strong the evidence is, by level', async () => {
    const levels = { 0.3: 'weak', 0.6: 'moderate', 0.8: 'strong', 0.95: 'very strong' };
    for (const [score, level] of Object.entries(levels)) {
      const p = Number(score);
      const page = await show({ logit: () => Math.log(p / (1 - p)) });
      expect(page).toContain('Signs of manipulation');
      expect(page).toContain(`${level} evidence`);
    }
    expect(await show({ logit: () => -4 })).toContain('finds nothing guarantees nothing');
  });

  it('calls an untrained score no verdict and tells how to bring weights', async () => {
    const { bundle } = sampleRecord();
    const page = await show({ record: sampleRecord({ bundle: { ...bundle, trained: false } }), logit: () => 5 });
    expect(page).toContain('This is not a verdict');
    expect(page).toContain('styleflow models import');
    expect(page).not.toContain('Signs of manipulation');
  });

  it('explains a video without a face, and one whose faces were too brief', async () => {
    expect(await show({ tracks: [] })).toContain('No face to judge');
    expect(
      await show({ tracks: [{ ...sampleTrack(0, 0), frames: [0, 14], frameCount: 15, framesUnused: 15 }] }),
    ).toContain('Faces too brief to judge');
  });

  it('names the video by its file or address, without what would turn or break the words around it', async () => {
    expect(await show({})).toContain('<span class="name">interview.mp4</span>');
    const page = await show({ record: sampleRecord({ metadata: { file: 'a\n\u202Eb.mp4' } }) });
    expect(page).toContain('<span class="name">a\uFFFD\uFFFDb.mp4</span>');
    const nameless = sampleRecord({ source: { type: 'upload', uploadId: 'upl_01JDZZZZZZZZZZZZZZZZZZZZZZ' } });
    expect(await show({ record: nameless })).not.toContain('class="name"');
  });

  it('says beside the verdict that the end of a video was not looked at, whether or not there was a face', async () => {
    const video = { framesUsed: 110, fps: 25, durationSeconds: 53.2 };
    for (const tracks of [[], [sampleTrack(0, 1)]]) {
      expect(await show({ tracks, video })).toContain(
        'Only the first 110 frames were looked at, about 0:04.4 of 0:53.2',
      );
    }
    const whole = await show({ video: { ...video, framesUsed: 60, durationSeconds: 2.4 } });
    expect(whole).toContain('60 frames of the video were looked at: 1 face, 3 clips');
    const options = { ...sampleRecord().options, sampling: 'spread' as const };
    expect(await show({ video, record: sampleRecord({ options }) })).toContain('spread over its duration');
  });

  it('says beside the verdict that the file is damaged', async () => {
    expect(await show({ video: { framesUsed: 87, framesDamaged: 36 } })).toContain(
      'The file is damaged: 36 of 87 frames could not be decoded cleanly.',
    );
    expect(await show({})).not.toContain('damaged');
  });

  it('explains that a person may be several faces, and what is too short', async () => {
    const short = { ...sampleTrack(1, 0), frames: [40, 50] as [number, number], frameCount: 11, framesUnused: 11 };
    const page = await show({ tracks: [sampleTrack(0, 1), short] });
    expect(page).toContain('A face begins anew at each cut');
    expect(page).toContain('11 frames, too short to be judged: that takes 16 frames in a row');
    expect(await show({})).not.toContain('A face begins anew');
  });

  it('stays under 20 MB whatever the pictures weigh, keeps the highest clip of each face and says what it left out', async () => {
    const page = await show({
      tracks: [sampleTrack(0, 60), sampleTrack(1, 60)],
      logit: (track, clip) => (clip === 17 + track ? 3 : -3),
      pictureBytes: 500_000,
    });
    expect(page.length).toBeLessThan(20_000_000);
    expect(page.length).toBeGreaterThan(10_000_000);
    expect(page).toContain('clip 18, frames');
    expect(page).toContain('clip 19, frames');
    expect(count(page, 'highest of this face')).toBe(2);
    expect(page).toMatch(/Pictures of 2[0-2] of 120 clips are on this page/);
  });

  it('draws a four-hour crowd without growing beyond a few megabytes, and loses no peak', async () => {
    const tracks = Array.from({ length: 10 }, (_, track) => sampleTrack(track, 11_250));
    const page = await show({ tracks, logit: (track, clip) => (track === 3 && clip === 7777 ? 6 : -6) });
    expect(page.length).toBeLessThan(5_000_000);
    expect(count(page, 'rect class="high"')).toBe(1);
  });
});
