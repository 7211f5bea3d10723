import type { Result } from '@styleflow/contracts';
import { type Html, html, printCount, printTime } from '@styleflow/runtime';
import { printScore } from './print-numbers.js';
import { verdictWords } from './verdict-words.js';

/** How much of the video the verdict rests on, in one sentence. */
function coverage({ video, faces }: Result, extent: number): string {
  const clips = faces.reduce((total, face) => total + face.clips.length, 0);
  const frames = `${printCount(video.framesUsed, 'frame')} of the video were looked at`;
  const whole = video.durationSeconds;
  const span =
    whole !== null && whole - extent > 1 && extent > 0 ? `, up to ${printTime(extent)} of ${printTime(whole)}` : '';
  return `${frames}${span}: ${printCount(faces.length, 'face')}, ${printCount(clips, 'clip')} of 32 frames.`;
}

/** A score beside the word for its threshold, without the words running into each other at either end. */
function markStyle(position: number): string {
  if (position < 0.12) return 'left:0';
  if (position > 0.88) return 'right:0';
  return `left:${(position * 100).toFixed(1)}%;transform:translateX(-50%)`;
}

function scoreScale(score: number, threshold: number): Html {
  return html`<div class="scale"><div class="value">${printScore(score)}<small>highest score of a face, from 0 to 1</small></div>
<div class="bar" role="img" aria-label="Score ${printScore(score)} of 1, threshold ${printScore(threshold)}"><div class="fill" style="width:${(score * 100).toFixed(1)}%"></div><div class="at" style="left:${(threshold * 100).toFixed(1)}%"></div></div>
<div class="words"><span style="${markStyle(threshold)}">threshold ${printScore(threshold)}</span></div></div>`;
}

/** The top of the page: what was found, and what that means. */
export function verdictSection(result: Result, extent: number): Html {
  const { verdict } = result;
  const words = verdictWords(verdict);
  return html`<div class="verdict"><h1>${words.headline}</h1><p class="evidence">${words.evidence}</p>
${verdict.score === null ? null : scoreScale(verdict.score, verdict.threshold)}
<div class="meaning">${words.meaning.map((sentence) => html`<p>${sentence}</p>`)}</div>
<p class="note">${coverage(result, extent)}${result.partial ? ' Some clips could not be scored; the verdict rests on the others.' : null}</p></div>\n`;
}
