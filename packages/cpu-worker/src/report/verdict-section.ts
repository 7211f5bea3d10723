import { noteWords, type Result, secondsLookedAt } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { type Html, html, printCount, printTime } from '@styleflow/runtime';
import { printScore } from './print-numbers.js';
import { verdictWords } from './verdict-words.js';

/** How much of the video the verdict rests on. */
function coverage({ video, faces }: Result, { options }: JobRecord): string {
  const clips = faces.reduce((total, face) => total + face.clips.length, 0);
  const until = secondsLookedAt(video, options);
  const whole = video.durationSeconds;
  const frames = printCount(video.framesUsed, 'frame');
  const found = `${printCount(faces.length, 'face')}, ${printCount(clips, 'clip')} of 32 frames`;
  const were = video.framesUsed === 1 ? 'was' : 'were';
  if (until !== null && whole !== null) {
    return `Only the first ${frames} ${were} looked at, about ${printTime(until)} of ${printTime(whole)}: ${found}. What comes later is not judged; the option maxFrames 0 takes the whole video.`;
  }
  const spread = options.sampling === 'spread' && options.maxFrames > 0 ? ', spread over its duration,' : '';
  return `${frames} of the video${spread} ${were} looked at: ${found}.`;
}

/** What makes scores doubtful, for people who do not read tables. */
function doubts({ video, partial, notes = [] }: Result): string[] {
  const { framesDamaged, framesUsed } = video;
  return [
    ...(framesDamaged > 0
      ? [
          `The file is damaged: ${framesDamaged.toLocaleString('en')} of ${printCount(framesUsed, 'frame')} could not be decoded cleanly. Scores around them are doubtful; look for a better copy.`,
        ]
      : []),
    // Damage is told with its number above.
    ...notes.filter((note) => note !== 'frames_undecodable').map(noteWords),
    ...(partial ? ['Some clips could not be scored; the verdict rests on the others.'] : []),
  ];
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
export function verdictSection(result: Result, record: JobRecord): Html {
  const { verdict } = result;
  const words = verdictWords(verdict);
  return html`<div class="verdict"><h1>${words.headline}</h1><p class="evidence">${words.evidence}</p>
${verdict.score === null ? null : scoreScale(verdict.score, verdict.threshold)}
<div class="meaning">${words.meaning.map((sentence) => html`<p>${sentence}</p>`)}${words.command !== undefined && html`<pre><code>${words.command}</code></pre>`}</div>
${doubts(result).map((sentence) => html`<p class="note doubt">${sentence}</p>`)}<p class="note">${coverage(result, record)}</p></div>\n`;
}
