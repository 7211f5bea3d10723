import type { BundleFacts } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { showReport as show } from './test-report.js';

const count = (page: string, text: string): number => page.split(text).length - 1;

describe('reportPage', () => {
  it('asks nothing of any network and runs no script', async () => {
    const page = await show({ prepared: { frames: [{ frame: 3, seconds: 0.12, boxes: [] }] } });
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<iframe|@import|\son\w+=/i);
    const targets = [...page.matchAll(/(?:src|href)="([^"]{0,22})|url\(([^)]{0,22})/g)].map(([, a, b]) => a ?? b ?? '');
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !/^(data:image\/(png|jpeg);base64|#(clip|face)-\d)/.test(target))).toEqual([]);
  });

  it('executes nothing of a name or of metadata, in any script, and gives no picture to who names one', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    const names = [
      hostile,
      'cid:clip-0-0" style="--strip:url(cid:clip-0-0',
      '面试 интервью مقابلة 🎬.mp4',
      '</style></title>',
      '{{7*7}}',
    ];
    for (const name of names) {
      const page = await show({ record: sampleRecord({ metadata: { file: name, [hostile]: name, list: ['<b>'] } }) });
      expect(page).not.toMatch(/<img src=x|<script|<b>"/);
      expect(count(page, '</style>')).toBe(1);
      expect(count(page.split('<body>')[0] ?? '', '</title>')).toBe(1);
      expect(count(page, 'data:image/png')).toBe(3);
    }
    expect(await show({ record: sampleRecord({ metadata: { file: names[2] } }) })).toContain(
      '<bdi>面试 интервью مقابلة 🎬.mp4</bdi>',
    );
  });

  it('keeps the secrets of a source to itself', async () => {
    const page = await show({});
    expect(page).toContain('https://videos.example/interview.mp4');
    expect(page).not.toContain('token=secret');
  });

  it('names the video by its file or address, without what would turn or break the words around it', async () => {
    expect(await show({})).toContain('<bdi>interview.mp4</bdi>');
    const page = await show({ record: sampleRecord({ metadata: { file: 'a\n\u202Eb.mp4' } }) });
    expect(page).toContain('<bdi>a\uFFFD\uFFFDb.mp4</bdi>');
    const nameless = sampleRecord({ source: { type: 'upload', uploadId: 'upl_01JDZZZZZZZZZZZZZZZZZZZZZZ' } });
    expect(await show({ record: nameless })).not.toContain('class="jv-name"');
  });

  it('shows whole frames with numbered boxes, and says of whom there is none', async () => {
    const box = [100, 80, 180, 190] as [number, number, number, number];
    const frames = [
      {
        frame: 12,
        seconds: 0.48,
        boxes: [
          { track: 0, box },
          { track: 2, box },
        ],
      },
    ];
    const page = await show({ tracks: [0, 1, 2].map((track) => sampleTrack(track, 1)), prepared: { frames } });
    expect(page).toContain('alt="The whole picture at 0:00.5, with boxes around: Face 1, Face 3"');
    expect(page).toMatch(/<text[^>]*>3<\/text>/);
    expect(page).toContain('In none of these pictures: Face 2.');
    expect(page).toContain('src="data:image/jpeg;base64,');
  });

  it('draws all faces on one axis, with the cuts, and leads from a bar to its pictures', async () => {
    const tracks = [sampleTrack(0, 3), sampleTrack(1, 2, 96)];
    const page = await show({ tracks, prepared: { cuts: [3.84] }, logit: (track) => (track === 1 ? 3 : -3) });
    expect(count(page, 'class="jv-lane"')).toBe(2);
    expect(page).toContain(`d="M${((3.84 / (159 / 25)) * 1000).toFixed(2)} 0V100"`);
    expect(page).toContain('href="#clip-1-1"');
    expect(page).toContain('id="clip-1-1"');
    expect(page).toMatch(/class="jv-s5"/);
    expect(page).toMatch(/class="jv-s0"/);
  });

  it('needs no scrolling sideways: the film wraps, and cuts stand on the axis', async () => {
    const page = await show({});
    expect(count(page.split('</style>')[1] ?? '', '<div class="jv-strip"')).toBe(3);
    expect(page).not.toMatch(/\.jv-(strip|film|lane|plot)[^}]*overflow-x/);
    expect(page).not.toMatch(/min-width:(3\d|[4-9]\d)rem/);
  });

  it('says which colour is further by a scale, so that it holds in both themes', async () => {
    const page = await show({});
    expect(page).not.toContain('darker');
    expect(page).toContain('the fuller the colour, the further');
    expect(page).toContain('class="jv-ramp"');
    for (const group of ['coarse', 'middle', 'fine']) expect(page).toContain(`jv-heat jv-${group}`);
    expect(page).toContain('Attention map, 16 rows and 16 columns');
  });

  it('draws the style flow against the band of real videos where the bundle carries one, and claims nothing by it', async () => {
    const groups = { coarse: [10, 20, 30], middle: [200, 210, 220], fine: [1, 2, 3] } as const;
    const styleBand = { groups, videos: 60, clips: 240 } as unknown as NonNullable<BundleFacts['styleBand']>;
    const record = sampleRecord({ bundle: { ...sampleRecord().bundle, styleBand } });
    const page = await show({ record });
    const body = page.split('</style>')[1] ?? '';
    // Of the samples the means are 22.5, 82.5 and 187.5.
    for (const lies of ['within', 'below', 'above']) expect(count(body, `<small>${lies} the band</small>`)).toBe(3);
    expect(page).toContain('nine of ten clips of the 60 real videos (240 clips looked at)');
    expect(page).toContain('no sign of manipulation by itself');
    expect(await show({ record, language: 'de' })).toContain('für sich aber kein Zeichen von Manipulation');
    expect((await show({})).split('</style>')[1]).not.toContain('jv-band');
  });

  it('explains that a person may be several faces, and what is too short', async () => {
    const short = { ...sampleTrack(1, 0), frames: [40, 50] as [number, number], frameCount: 11, framesUnused: 11 };
    const page = await show({ tracks: [sampleTrack(0, 1), short] });
    expect(page).toContain('A face begins anew at each cut');
    expect(page).toContain('too short to be judged: that takes 16 frames in a row');
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
    expect(page.match(/<rect class="jv-s[345]"/g)).toHaveLength(1);
    expect(page.match(/<rect/g)?.length).toBeLessThan(4000);
  });

  it('shows a face that has pictures no more without them, and clips that were not scored as such', async () => {
    const page = await show({ logit: (_track, clip) => (clip === 1 ? null : 0), pictureBytes: 0 });
    expect(page).toContain('The picture of this clip is no longer stored.');
    expect(page).toContain('The pictures were deleted when their retention was over.');
    expect(page).toContain('class="jv-none"');
    expect(page).toContain('1 clip could not be scored; the verdict rests on the others.');
  });

  it('tells how to repeat the analysis, by digests and options', async () => {
    const options = { ...sampleRecord().options, maxFrames: 0, sampling: 'spread' as const };
    const page = await show({ record: sampleRecord({ options }) });
    expect(page).toContain(`sha256sum VIDEO    # ${samplePrepared([]).video.sha256}`);
    expect(page).toContain('npx styleflow analyze VIDEO --bundle BUNDLE_DIR --max-frames 0 --sampling spread --json');
  });
});
