import type { Result, ResultFace } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { Html, html, printCount } from '@styleflow/runtime';
import { type ChosenClip, chooseClips } from './choose-clips.js';
import { clipFigure, faceHeading } from './face-section.js';
import { factsTables } from './facts-tables.js';
import { heatScale, type StyleFlow } from './heat-map.js';
import { printDate } from './print-numbers.js';
import { REPORT_STYLES } from './report-styles.js';
import { verdictSection } from './verdict-section.js';
import { verdictWords } from './verdict-words.js';
import { videoName } from './video-name.js';

/** Bytes of pictures (before base64, which adds a third) that fit into a report of under 20 MB beside everything else. */
const PICTURE_BYTES = 11_000_000;
/** Clips whose pictures a person will look through, and whose style flow is held in memory at once. */
const PICTURED_CLIPS_MAX = 96;
/** Faces drawn in full; in a crowd the others are told as a number. */
const FACES_MAX = 40;

export interface ReportInput {
  readonly record: JobRecord;
  readonly result: Result;
  /** Bytes of a clip's picture; 0 when there is none. */
  pictureBytes(clip: ChosenClip): Promise<number>;
  picture(clip: ChosenClip): Promise<Buffer | null>;
  /** 31 × 18; undefined with a bundle without a style branch, or for a clip that was not scored. */
  styleFlow(clip: ChosenClip): Promise<StyleFlow | undefined>;
}

/**
 * The self-contained report, piece by piece: no script, no request to anywhere, readable from a file for as long as
 * there are browsers. One picture is in memory at a time.
 */
export async function* reportPage(input: ReportInput): AsyncGenerator<string> {
  const { record, result } = input;
  const faces = [...result.faces].sort((a, b) => a.rank - b.rank).slice(0, FACES_MAX);
  const extent = lastSecond(result.faces);
  const chosen = await fitPictures(input, faces);
  const styleFlows = await Promise.all(chosen.map((pick) => input.styleFlow(pick)));
  yield pageHead(result, videoName(record)).text;
  yield verdictSection(result, record).text;
  if (faces.length > 0) {
    yield html`<section><h2>Faces over time</h2>${facesNote(result, chosen, styleFlows)}\n`.text;
    yield* faceParts(input, faces, { chosen, styleFlows, extent });
    yield '</section>\n';
  }
  yield factsTables(result, record).text;
  yield pageFoot().text;
}

/** Fewer clips, still chosen by the same rule, until their pictures fit. */
async function fitPictures(input: ReportInput, faces: readonly ResultFace[]): Promise<ChosenClip[]> {
  for (let count = PICTURED_CLIPS_MAX; ; ) {
    const chosen = chooseClips(faces, count);
    const sizes = await Promise.all(chosen.map((clip) => input.pictureBytes(clip)));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    if (total <= PICTURE_BYTES) return chosen;
    count = Math.min(chosen.length - 1, Math.floor((chosen.length * PICTURE_BYTES) / total));
  }
}

interface Drawn {
  readonly chosen: readonly ChosenClip[];
  /** One a chosen clip. */
  readonly styleFlows: readonly (StyleFlow | undefined)[];
  /** Seconds on the time axis. */
  readonly extent: number;
}

async function* faceParts(
  input: ReportInput,
  faces: readonly ResultFace[],
  { chosen, styleFlows, extent }: Drawn,
): AsyncGenerator<string> {
  const heatTop = heatScale(styleFlows.flatMap((styleFlow) => (styleFlow ? [styleFlow] : [])));
  for (const face of faces) {
    yield html`<article class="face">${faceHeading(face, input.result, extent)}<div class="clips">\n`.text;
    const top = face.clips.reduce((highest, { score }) => Math.max(highest, score ?? 0), 0);
    for (const [index, pick] of chosen.entries()) {
      if (pick.track !== face.track) continue;
      const isTop = face.clips.length > 1 && pick.clip.score === top;
      const picture = await input.picture(pick);
      yield clipFigure({ ...pick, isTop, picture, styleFlow: styleFlows[index], heatTop }).text;
    }
    yield '</div></article>\n';
  }
}

/** Where the time axis ends: the last second in which a face was looked at. */
function lastSecond(faces: readonly ResultFace[]): number {
  const ends = faces.flatMap(({ boxes, clips }) => [boxes.at(-1)?.seconds ?? 0, clips.at(-1)?.seconds[1] ?? 0]);
  return ends.reduce((last, end) => Math.max(last, end), 0.04);
}

function facesNote(
  result: Result,
  chosen: readonly ChosenClip[],
  styleFlows: readonly (StyleFlow | undefined)[],
): Html | null {
  const clips = result.faces.reduce((total, face) => total + face.clips.length, 0);
  const shown =
    chosen.length < clips
      ? ` Pictures of ${chosen.length} of ${printCount(clips, 'clip')} are on this page, spread evenly, the highest of each face among them.`
      : '';
  const hidden = result.faces.length - FACES_MAX;
  const crowd = hidden > 0 ? ` ${printCount(hidden, 'more face')} with less screen time stand in the result only.` : '';
  const heat = styleFlows.some((styleFlow) => styleFlow)
    ? ' Under the crops: how far each of the 18 style layers, coarse at the top, moved from frame to frame; darker is further.'
    : '';
  const bars = clips > 0 ? 'Each bar is a clip of 32 frames; the dashed line is the threshold.' : '';
  const several =
    result.faces.length > 1
      ? ' A face begins anew at each cut and after each absence: one person may stand here twice.'
      : '';
  const note = `${bars}${several}${heat}${shown}${crowd}`.trim();
  return note === '' ? null : html`<p>${note}</p>`;
}

function pageHead(result: Result, name: string | null): Html {
  const { headline } = verdictWords(result.verdict);
  const title = [headline, ...(name === null ? [] : [name]), 'StyleFlow report'].join(' · ');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>${title}</title><style>${new Html(REPORT_STYLES)}</style></head>
<body><main class="${result.verdict.label}"><div class="kicker"><b>StyleFlow report</b>${name !== null && html`<span class="name">${name}</span>`}<span>${printDate(result.timings.finishedAt)}</span></div>\n`;
}

function pageFoot(): Html {
  return html`<footer>Faces only: sound, text and everything else in the picture were not looked at. The same file, model and settings give the same scores.</footer>
</main></body></html>\n`;
}
