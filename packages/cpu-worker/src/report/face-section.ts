import type { Result, ResultClip, ResultFace } from '@styleflow/contracts';
import { type Html, html, printCount, printTime } from '@styleflow/runtime';
import { heatMap, type StyleFlow } from './heat-map.js';
import { printScore } from './print-numbers.js';
import { scoreTimeline } from './score-timeline.js';

/** Where a face begins on the page: its score and its timeline. */
export function faceHeading(face: ResultFace, { faces, verdict }: Result, extent: number): Html {
  const [first, last] = [face.boxes[0], face.boxes.at(-1)];
  const when = first && last ? `seen from ${printTime(first.seconds)} to ${printTime(last.seconds)}` : 'seen';
  const about = `${when}, ${printCount(face.frameCount, 'frame')}, ${clipsOf(face)}`;
  const rank = face.rank === 1 && faces.length > 1 ? ' · most screen time' : '';
  return html`<header><h3>Face ${face.track + 1}</h3><span class="score">${face.score === null ? 'not scored' : `score ${printScore(face.score)}`}</span></header>
<p class="about">${about}${rank}</p>
${face.clips.length > 0 ? scoreTimeline(face, verdict.threshold, extent) : null}\n`;
}

function clipsOf({ clips, framesUnused }: ResultFace): string {
  if (clips.length === 0) return 'too short to be judged: that takes 16 frames in a row';
  const unused = framesUnused > 0 ? ` (${printCount(framesUnused, 'frame')} at the end fill no clip)` : '';
  return `${printCount(clips.length, 'clip')}${unused}`;
}

export interface ClipFigure {
  readonly track: number;
  readonly clip: ResultClip;
  readonly isTop: boolean;
  /** PNG; null when it was not kept. */
  readonly picture: Buffer | null;
  readonly styleFlow: StyleFlow | undefined;
  readonly heatTop: number;
}

/** One clip: when, how high, its crops and its style flow. */
export function clipFigure({ track, clip, isTop, picture, styleFlow, heatTop }: ClipFigure): Html {
  const [start, end] = clip.seconds;
  const caption = html`<b>${printTime(start)}–${printTime(end)}</b><span>clip ${clip.index + 1}, frames ${clip.frames[0]}–${clip.frames[1]}${clip.padded ? ', mirrored to fill a clip' : null}</span><span>${clip.score === null ? 'not scored' : `score ${printScore(clip.score)}`}</span>${isTop ? html`<span class="top">highest of this face</span>` : null}`;
  const image = picture
    ? strip(picture, `clip-${track}-${clip.index}`)
    : html`<p class="nopicture">The picture of this clip is no longer stored.</p>`;
  return html`<figure><figcaption>${caption}</figcaption>${image}${styleFlow ? heatMap(styleFlow, heatTop) : null}</figure>\n`;
}

/** Crops in a picture, side by side and square. */
const STRIP_CROPS = 32;

/** The picture in two rows of sixteen, so that faces are large enough to look at; drawn twice, stored once. */
function strip(picture: Buffer, id: string): Html {
  const columns = STRIP_CROPS / 2;
  const image = html`<image id="${id}" width="${STRIP_CROPS}" height="1" preserveAspectRatio="none" href="data:image/png;base64,${picture.toString('base64')}"/>`;
  return html`<div class="strip"><svg viewBox="0 0 ${columns} 2" role="img" aria-label="The aligned face in the frames of this clip, in order">${image}<use href="#${id}" x="-${columns}" y="1"/></svg></div>`;
}
