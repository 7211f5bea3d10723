import { describe, expect, it } from 'vitest';
import { sampleRecord, sampleTrack } from '../sample-job.js';
import { logitOf, type Shown, showReport as show } from './test-report.js';

const { bundle } = sampleRecord();
const calibratedOn = { run: 'run-7', date: '2026-02-01', data: 'newsroom-2026' };
const withBundle = (changes: Partial<typeof bundle>) => sampleRecord({ bundle: { ...bundle, ...changes } });
const NEVER = 'never calibrated on labelled videos';
const headline = (page: string): string => /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? '';

describe('the words of a report', () => {
  it('speak of evidence, by level, only of a bundle that was calibrated on labelled videos', async () => {
    const levels = { 0.3: 'weak', 0.59: 'moderate', 0.8: 'strong', 0.95: 'very strong' };
    for (const [score, level] of Object.entries(levels)) {
      const logit = () => logitOf(Number(score));
      const calibrated = await show({ logit, record: withBundle({ calibratedOn }) });
      expect(headline(calibrated)).toBe('Signs of manipulation');
      expect(calibrated).toContain(`${level} evidence`);
      expect(calibrated).toContain('calibrated on labelled videos (newsroom-2026, 2026-02-01)');
      expect(calibrated).not.toContain(NEVER);
      const plain = await show({ logit });
      expect(headline(plain)).toBe('Above the threshold');
      expect(plain).not.toMatch(/(weak|moderate|strong) evidence/);
      expect(plain).toContain('how much this score is worth as evidence is not known');
    }
  });

  it('say beside every verdict that the bundle was never calibrated', async () => {
    const shown: Shown[] = [
      { logit: () => 4 },
      { logit: () => -4 },
      { tracks: [] },
      { record: withBundle({ trained: false }) },
      { record: withBundle({ calibration: { a: 2, b: 1 } }) },
    ];
    for (const one of shown) expect(await show(one)).toContain(NEVER);
  });

  it('claim no more below the threshold than that', async () => {
    const page = await show({ logit: () => -4 });
    expect(headline(page)).toBe('Below the threshold');
    expect(page).toContain('Absence of evidence guarantees nothing');
    expect(page).not.toMatch(/no signs/i);
  });

  it('tell what the model looks at by its variant', async () => {
    const say = async (variant: typeof bundle.variant) => show({ logit: () => 4, record: withBundle({ variant }) });
    expect(await say('style-content')).toContain('how its style codes move');
    const content = await say('content');
    expect(content).toContain('It has no style branch');
    expect(content).not.toMatch(/moves in a way|style codes move/);
    expect(await say('custom')).toContain('brought along');
  });

  it('call an untrained score no verdict and tell how to bring weights', async () => {
    const page = await show({ record: withBundle({ trained: false }), logit: () => 5 });
    expect(headline(page)).toBe('This is not a verdict');
    expect(page).toContain('styleflow models import');
    expect(page).not.toMatch(/class="jv-s\d"/);
  });

  it('say in the headline that a run was simulated', async () => {
    const page = await show({ provider: 'simulated', record: withBundle({ trained: false }), logit: () => 5 });
    expect(headline(page)).toBe('Simulated run: this is not a verdict');
    expect(page).toContain('<title>Simulated run');
    expect(headline(await show({ provider: 'cpu+simulated', logit: () => 5 }))).toContain('Simulated run');
  });

  it('explain a video without a face, and one whose faces were too brief', async () => {
    expect(headline(await show({ tracks: [] }))).toBe('No face to judge');
    const brief = { ...sampleTrack(0, 0), frames: [0, 14] as [number, number], frameCount: 15, framesUnused: 15 };
    expect(headline(await show({ tracks: [brief] }))).toBe('Faces too brief to judge');
  });

  it('say of a face that never moves that it may be a still picture, and of none that does', async () => {
    const boxesOf = (at: (i: number) => number) =>
      Array.from({ length: 20 }, (_, i) => ({
        ...{ frame: i * 5, seconds: i / 5 },
        box: [100 + at(i), 80, 180 + at(i), 190] as [number, number, number, number],
      }));
    const still = { ...sampleTrack(0, 3), boxes: boxesOf((i) => (i % 2) * 0.3) };
    const moving = { ...sampleTrack(1, 3), boxes: boxesOf((i) => i % 7) };
    const page = await show({ tracks: [still, moving] });
    expect(page).toContain('Face 1 never moves: it may be a still picture.');
    expect(await show({ tracks: [{ ...moving, track: 0 }] })).not.toContain('never move');
  });

  it('say how much was looked at, and that the file is damaged', async () => {
    const video = { framesUsed: 110, fps: 25, durationSeconds: 53.2 };
    for (const tracks of [[], [sampleTrack(0, 1)]]) {
      expect(await show({ tracks, video })).toContain(
        'Only the first 110 frames were looked at, about 0:04.4 of 0:53.2',
      );
    }
    expect(await show({ video })).toContain('not looked at from 0:04.4 on');
    const options = { ...sampleRecord().options, sampling: 'spread' as const };
    expect(await show({ video, record: sampleRecord({ options }) })).toContain('spread over its duration');
    expect(await show({ video: { framesUsed: 87, framesDamaged: 36 } })).toContain(
      'The file is damaged: 36 of 87 frames could not be decoded cleanly.',
    );
    expect(await show({})).not.toContain('damaged');
  });

  it('say on whom the verdict hangs, and what would change it', async () => {
    const tracks = [sampleTrack(0, 2), sampleTrack(1, 2)];
    const page = await show({ tracks, logit: (track) => (track === 0 ? logitOf(0.6) : logitOf(0.1)) });
    expect(page).toContain('The score of the video is that of Face 1: 0.60, from the mean of its 2 clips.');
    expect(page).toContain('Without Face 1 the highest score is 0.10, which is below the threshold');
    expect(page).toContain('It lies 0.40 above the threshold');
  });

  it('are all there in German', async () => {
    const page = await show({ logit: () => 4, language: 'de' });
    expect(page).toContain('<html lang="de">');
    expect(headline(page)).toBe('Über der Schwelle');
    expect(page).toContain('nie an Videos mit bekannter Wahrheit kalibriert');
    expect(page).toContain('0,98');
    const words = (page.split('</style>')[1] ?? '').replace(/<[^>]*>/g, ' ');
    expect(words.match(/\b(threshold|frames?|score|face|clips? of|video has)\b/g)).toBeNull();
  });
});
