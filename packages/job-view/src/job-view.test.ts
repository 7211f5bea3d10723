import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { ViewedResult } from './facts/viewed-job.js';
import { JobView, type JobViewProps } from './job-view.js';
import { clipAnchor, clipOfAnchor } from './parts/view.js';
import { someFace, someJob, someResult } from './test-views.js';

const show = (changes: Partial<JobViewProps>): string =>
  renderToStaticMarkup(
    createElement(JobView, {
      ...{ job: someJob(), result: null, language: 'en', details: () => undefined },
      pictures: { clip: (track, clip) => `/faces/${track}/clips/${clip}.png`, frame: (n) => `/frames/${n}.jpg` },
      ...changes,
    }),
  );
const count = (page: string, text: string): number => page.split(text).length - 1;

describe('JobView', () => {
  it('says of a job without a result why it has none, and runs nothing of its message', () => {
    const error = { code: 'media_corrupt' as const, message: 'Bad: <script>alert(1)</script>' };
    const failed = show({ job: someJob({ status: 'failed', error }) });
    expect(failed).toContain('<h1>The analysis failed</h1>');
    expect(failed).toContain('Error code media_corrupt');
    const told = show({ job: someJob({ status: 'failed', error }), errorTitle: 'The file is damaged' });
    expect(told).toContain('The file is damaged (error code media_corrupt)');
    expect(failed).toContain('Bad: &lt;script&gt;');
    expect(show({ job: someJob({ status: 'canceled' }) })).toContain('<h1>The analysis was cancelled</h1>');
    expect(show({ job: someJob({ status: 'scoring' }), language: 'de' })).toContain('<h1>Noch nicht fertig</h1>');
  });

  it('stays small with twelve faces and 2,000 clips, and shows the clip that was selected', () => {
    const result = someResult(Array.from({ length: 12 }, (_, track) => someFace(track, 167)));
    const page = show({ result, onSelect: () => undefined, selected: { track: 7, clip: 101 } });
    expect(count(page, '<details')).toBeLessThanOrEqual(97);
    expect(count(page, '<rect')).toBeLessThan(3_200);
    expect(page.length).toBeLessThan(1_500_000);
    expect(page).toContain('id="clip-7-101"');
    const beforeIt = page.slice(0, page.indexOf('id="clip-7-101"'));
    expect(beforeIt.slice(beforeIt.lastIndexOf('<details'))).toMatch(/^<details class="jv-clip" open/);
  });

  it('says what each of several models says, how the votes fell, and whose scores are drawn', () => {
    const result = someResult([someFace(0, 2)]);
    const others = [
      { ...result.model, bundle: 'b@ba9876543210' },
      { ...result.model, bundle: 'c@cccccccccccc' },
    ];
    const page = show({
      result: {
        ...result,
        verdict: { label: 'inconclusive', reason: 'score_in_doubt', score: 0.5, threshold: 0.5 },
        opinions: [
          { model: result.model, verdict: result.verdict, partial: false, faces: [] },
          {
            model: others[0] ?? result.model,
            verdict: { label: 'real', score: 0.1, threshold: 0.3 },
            partial: false,
            faces: [],
          },
          {
            ...{ model: others[1] ?? result.model, partial: false, faces: [] },
            leftOut: { reason: 'no_workers', message: 'No worker served it.' },
          },
        ],
        combined: {
          ...{ rule: 'majority', abstained: ['c@cccccccccccc'], disagreed: ['a@0123456789ab', 'b@ba9876543210'] },
          votes: [
            { bundle: 'a@0123456789ab', label: 'fake' },
            { bundle: 'b@ba9876543210', label: 'real' },
          ],
        },
      },
    });
    expect(page).toContain('<h1>No clear verdict</h1>');
    expect(page).toContain('1 of 2 models that voted says fake; the majority decides.');
    expect(page).toContain('Otherwise voted: a@0123456789ab, b@ba9876543210.');
    expect(page).toContain('share of the votes for fake');
    expect(page).toContain('left out: nobody served it');
    expect(page).toContain('are shown with the scores of a@0123456789ab');
    // Below stands what the first model says by itself.
    expect(page).toContain('The score of the video is that of Face 1: 0.50');
  });

  it('shows the scores after mild re-encoding, and claims nothing where there is no verdict to check', () => {
    const plain = someResult([someFace(0, 2)]);
    const scores = { plain: 0.5, h264: 0.41, half: 0.12 };
    const stability: NonNullable<ViewedResult['stability']> = {
      ...{ state: 'unstable', scores, spread: 0.38, faces: [{ track: 0, scores, spread: 0.38 }] },
      ...{ labels: { plain: 'fake', h264: 'fake', half: 'real' }, clips: { planned: 2, h264: 2, half: 2 } },
    };
    const verdict: ViewedResult['verdict'] = { label: 'inconclusive', reason: 'unstable', score: 0.5, threshold: 0.2 };
    const page = show({ result: { ...plain, verdict, stability } });
    expect(page).toContain('<h1>The verdict does not hold</h1>');
    expect(page).toContain('Scores after mild re-encoding');
    expect(page).toContain('They do not all lead to the same label.');
    expect(count(page, '<td>0.12</td>')).toBe(2);
    expect(page).toContain('<td>real</td>');
    const unchecked = show({ result: { ...plain, verdict, stability: { ...stability, state: 'unknown' } } });
    expect(unchecked).toContain('<h1>Whether the verdict holds is not known</h1>');
    const steady = { ...stability, state: 'stable' as const };
    expect(show({ result: { ...plain, stability: steady }, language: 'de' })).toContain('nach leichter Neukodierung');
    const untrained = { ...plain, verdict: { ...verdict, reason: 'untrained_bundle' as const }, stability: steady };
    const nothing = show({ result: { ...untrained, model: { ...plain.model, trained: false } } });
    expect(nothing).toContain('There was no verdict that could hold or change.');
    expect(nothing).not.toContain('All three lead to the same label');
    expect(show({ result: plain })).not.toContain('re-encoding');
  });

  it('shows what was measured when the pictures are gone', () => {
    const page = show({ result: someResult([someFace(0, 3)]), pictures: { clip: () => null, frame: () => null } });
    expect(page).toContain('The pictures were deleted when their retention was over.');
    expect(page).not.toContain('Which face is which');
  });

  it('of a video without a face shows what was looked at, and names what would find one', () => {
    const page = show({ result: { ...someResult([]), frames: [{ frame: 3, seconds: 0.1, boxes: [], picture: '' }] } });
    expect(page).toContain('<h2>What was looked at</h2>');
    expect(page).toContain('small, turned or covered');
    for (const idle of ['Which face is which', 'Another model', 'Training:', 'Calibration:']) {
      expect(page).not.toContain(idle);
    }
  });

  it('keeps the place of pictures that are not fetched yet, and does not say that they are gone', () => {
    const frame = {
      frame: 3,
      seconds: 0.1,
      boxes: [{ track: 0, box: [1, 2, 30, 40] as [number, number, number, number] }],
    };
    const result = { ...someResult([someFace(0, 3)]), frames: [{ ...frame, picture: '' }] };
    const page = show({ result, pictures: { clip: () => undefined, frame: () => undefined } });
    expect(page).not.toContain('retention');
    expect(page).not.toContain('<img');
    expect(page).toContain('class="jv-box"');
    expect(count(page, 'aria-label="The pictures are being fetched."')).toBe(3);
  });

  it('inside of a page leaves the first heading to it, and each face is one stop of the keyboard', () => {
    const result = someResult([someFace(0, 3), someFace(1, 2)]);
    const page = show({ result, isEmbedded: true, onSelect: () => undefined });
    expect(page).not.toContain('<h1');
    expect(page).not.toContain('jv-kicker');
    expect(count(page, 'tabindex="0"')).toBe(2);
    expect(page).toContain('the arrow keys go from bar to bar');
    expect(show({ result })).not.toMatch(/tabindex="0"|arrow keys/);
  });

  it('names a clip by an anchor and finds it again', () => {
    expect(clipOfAnchor(clipAnchor({ track: 11, clip: 1999 }))).toEqual({ track: 11, clip: 1999 });
    expect([clipOfAnchor('face-1'), clipOfAnchor('clip-1'), clipOfAnchor('clip-1-2-3')]).toEqual([null, null, null]);
  });

  it('holds an address of a picture inside its style, whatever it is', () => {
    const pictures = { clip: () => "https://x/a.png?s=1'2)3 4;}", frame: () => null };
    const page = show({ result: someResult([someFace(0, 1)]), pictures });
    expect(page).toContain('--strip:url(https://x/a.png?s=1%272%293%204;})');
  });

  it('needs neither Node nor a browser, nor what only one of them has', () => {
    const root = fileURLToPath(new URL('../src/', import.meta.url));
    const files = readdirSync(root, { recursive: true }).map(String);
    const sources = files.filter((name) => /\.tsx?$/.test(name) && !/(^|\/)test-|\.test\./.test(name));
    expect(sources.length).toBeGreaterThan(20);
    for (const name of sources) {
      const text = readFileSync(join(root, name), 'utf8');
      expect([name, /from 'node:|\b(document|window|process|Buffer)\b\./.exec(text)]).toEqual([name, null]);
      expect([name, /^import (?!type)[^;]*from '@styleflow\/(contracts|runtime)'/m.exec(text)]).toEqual([name, null]);
    }
  });
});
