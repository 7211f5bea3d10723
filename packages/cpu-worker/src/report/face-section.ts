import type { ResultClip, ResultFace } from '@styleflow/contracts';
import { heatMap, type StyleFlow } from './heat-map.js';
import { type Html, html } from './html.js';
import { printCount, printScore, printTime } from './print-numbers.js';
import { scoreTimeline } from './score-timeline.js';

/** Where a face begins on the page: its score and its timeline. */
export function faceHeading(face: ResultFace, threshold: number, extent: number): Html {
  const [first, last] = [face.boxes[0], face.boxes.at(-1)];
  const when = first && last ? `seen from ${printTime(first.seconds)} to ${printTime(last.seconds)}` : 'seen';
  const unused = face.framesUnused > 0 ? ` (${printCount(face.framesUnused, 'frame')} at the end fill no clip)` : '';
  const about = `${when}, ${printCount(face.frameCount, 'frame')}, ${printCount(face.clips.length, 'clip')}${unused}`;
  const rank = face.rank === 1 ? ' · most screen time' : '';
  return html`<header><h3>Face ${face.track + 1}</h3><span class="score">${face.score === null ? 'not scored' : `score ${printScore(face.score)}`}</span></header>
<p class="about">${about}${rank}</p>
${face.clips.length > 0 ? scoreTimeline(face, threshold, extent) : null}\n`;
}

export interface ClipFigure {
  readonly clip: ResultClip;
  readonly isTop: boolean;
  /** PNG; null when it was not kept. */
  readonly picture: Buffer | null;
  readonly styleFlow: StyleFlow | undefined;
  readonly heatTop: number;
}

/** One clip: when, how high, its crops and its style flow. */
export function clipFigure({ clip, isTop, picture, styleFlow, heatTop }: ClipFigure): Html {
  const [start, end] = clip.seconds;
  const caption = html`<b>${printTime(start)}–${printTime(end)}</b><span>clip ${clip.index + 1}, frames ${clip.frames[0]}–${clip.frames[1]}${clip.padded ? ', mirrored to fill a clip' : null}</span><span>${clip.score === null ? 'not scored' : `score ${printScore(clip.score)}`}</span>${isTop ? html`<span class="top">highest of this face</span>` : null}`;
  const image = picture
    ? html`<img class="strip" alt="The aligned face in this clip's frames, in order" src="data:image/png;base64,${picture.toString('base64')}">`
    : html`<p class="nopicture">The picture of this clip is no longer stored.</p>`;
  return html`<figure><figcaption>${caption}</figcaption>${image}${styleFlow ? heatMap(styleFlow, heatTop) : null}</figure>\n`;
}
