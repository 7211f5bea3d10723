import type { ConsolePage } from '../../system/console-page.js';

export interface Scrolled {
  /** Of the whole page, in CSS pixels. */
  readonly height: number;
  readonly framesPerSecond: { readonly mean: number; readonly median: number; readonly p5: number };
  readonly longestFrameMs: number;
}

/** Scrolls what is open from its top to its end and back in so many seconds, and counts the frames meanwhile. */
export async function scrollPage({ page }: Pick<ConsolePage, 'page'>, seconds: number): Promise<Scrolled> {
  const { intervals, height } = (await page.evaluate(scroll(seconds * 1000))) as {
    intervals: number[];
    height: number;
  };
  const sorted = [...intervals].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const rate = (ms: number): number => Math.round(10_000 / ms) / 10;
  const all = intervals.reduce((sum, interval) => sum + interval, 0);
  return {
    height: Math.round(height),
    framesPerSecond: { mean: rate(all / intervals.length), median: rate(at(0.5)), p5: rate(at(0.95)) },
    longestFrameMs: Math.round(at(1)),
  };
}

/** Down in the first half of the time, back in the second; the time between frames in ms. */
const scroll = (ms: number): string => `new Promise((done) => {
  const intervals = [];
  const began = performance.now();
  let last = began, height = 0;
  const step = (now) => {
    if (now > last) intervals.push(now - last);
    last = now;
    height = document.documentElement.scrollHeight;
    const share = (now - began) / ${ms};
    if (share >= 1) return done({ intervals, height });
    scrollTo({ top: (height - innerHeight) * (share < 0.5 ? share * 2 : 2 - share * 2), behavior: 'instant' });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;
