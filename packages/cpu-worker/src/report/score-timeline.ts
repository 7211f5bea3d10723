import type { ResultClip, ResultFace } from '@styleflow/contracts';
import { type Html, html, printCount, printTime } from '@styleflow/runtime';
import { printScore } from './print-numbers.js';

/** More bars than this cannot be told apart on a page, and would make an hour's report too large. */
const BARS_MAX = 600;

interface Bar {
  readonly start: number;
  readonly end: number;
  readonly score: number | null;
  readonly title: string;
}

/**
 * One face's scores over time: a bar a clip (width its seconds, height its score), the threshold as a line.
 * The drawing is stretched to the page's width and its words are text beside it, so that they stay readable on a phone.
 * @param extent seconds that the axis spans, from 0.
 */
export function scoreTimeline(face: ResultFace, threshold: number, extent: number): Html {
  const bars = gatherBars(face.clips);
  const x = (seconds: number): string => ((seconds / extent) * 1000).toFixed(2);
  const rects = bars.map(({ start, end, score, title }) => {
    const height = score === null ? 4 : Math.max(1.5, score * 100);
    const width = Math.max(1.5, ((end - start) / extent) * 1000 - 1.5);
    const kind = score === null ? 'none' : score >= threshold ? 'high' : 'low';
    return html`<rect class="${kind}" x="${x(start)}" y="${(100 - height).toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}"><title>${title}</title></rect>`;
  });
  const top = face.clips.reduce((highest, { score }) => Math.max(highest, score ?? 0), 0);
  const label = `Scores of face ${face.track + 1} over ${printTime(extent)}: ${printCount(face.clips.length, 'clip')}, highest ${printScore(top)}, threshold ${printScore(threshold)}`;
  return html`<div class="timeline"><div class="plot">${threshold < 0.9 && html`<span class="y" style="bottom:100%">1</span>`}${threshold > 0.1 && html`<span class="y" style="bottom:0">0</span>`}<span class="y mark" style="bottom:${(threshold * 100).toFixed(1)}%">${printScore(threshold)}</span>
<svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${label}"><rect class="floor" width="1000" height="100"/>${presence(face, extent)}${rects}<line class="threshold" x1="0" x2="1000" y1="${(100 - threshold * 100).toFixed(1)}" y2="${(100 - threshold * 100).toFixed(1)}"/></svg></div>
<div class="x">${ticks(extent).map((seconds) => html`<span style="left:${((seconds / extent) * 100).toFixed(2)}%">${printTick(seconds, extent)}</span>`)}</div></div>`;
}

/** A thin line under the bars while the face is in the picture, also where no clip could be cut. */
function presence(face: ResultFace, extent: number): Html | null {
  const first = face.boxes[0];
  const last = face.boxes.at(-1);
  if (!first || !last) return null;
  const width = Math.max(2, ((last.seconds - first.seconds) / extent) * 1000);
  return html`<rect class="presence" x="${((first.seconds / extent) * 1000).toFixed(2)}" y="98.5" width="${width.toFixed(2)}" height="1.5"/>`;
}

/** A bar a clip; beyond `BARS_MAX`, neighbours share a bar that shows their highest score, so that no peak is lost. */
function gatherBars(clips: readonly ResultClip[]): Bar[] {
  const perBar = Math.ceil(clips.length / BARS_MAX);
  const bars: Bar[] = [];
  for (let from = 0; from < clips.length; from += perBar) {
    const group = clips.slice(from, from + perBar);
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) break;
    const score = group.reduce<number | null>(
      (top, clip) => (clip.score === null ? top : Math.max(top ?? 0, clip.score)),
      null,
    );
    const [start, end] = [first.seconds[0], last.seconds[1]];
    const when = `${printTime(start)}–${printTime(end)}`;
    const which =
      group.length === 1 ? `clip ${first.index + 1}` : `clips ${first.index + 1}–${last.index + 1}, highest`;
    const value = score === null ? 'not scored' : `score ${score.toFixed(4)}`;
    const logit = group.length === 1 && first.logit !== null ? `, logit ${first.logit.toFixed(4)}` : '';
    bars.push({ start, end, score, title: `${when} · ${which} · ${value}${logit}` });
  }
  return bars;
}

/** Round steps of time, four to seven on the axis. */
function ticks(extent: number): number[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  const step = steps.find((candidate) => extent / candidate <= 6) ?? 7200;
  return Array.from({ length: Math.floor(extent / step) + 1 }, (_, index) => index * step);
}

function printTick(seconds: number, extent: number): string {
  if (extent < 10) return `${Number(seconds.toFixed(1))} s`;
  return printTime(seconds).replace(/\.\d$/, '');
}
