import type { ClipScore } from '@styleflow/contracts';
import { type ChosenClip, chooseClips, PICTURED_CLIPS_MAX, shownFaces } from '@styleflow/job-view';
import { mapBounded } from '@styleflow/runtime';
import { fillPictures } from './fill-pictures.js';
import { renderReport } from './render-report.js';
import type { ReportInput } from './report-input.js';

/** Bytes of pictures (before base64, which adds a third) that fit into a report of under 20 MB beside everything else. */
const PICTURE_BYTES = 11_000_000;
/** Details read at once, some 15 kB each. */
const READS_AT_ONCE = 8;

/**
 * The self-contained report, piece by piece: no script, no request to anywhere, readable from a file for as long as
 * there are browsers. The page is rendered first, with names in place of its pictures; then one picture at a time is in memory.
 */
export async function* reportPage(input: ReportInput): AsyncGenerator<string> {
  const { record, result, language } = input;
  const { chosen, sizes } = await fitPictures(input);
  const details = new Map<string, Pick<ClipScore, 'styleFlow' | 'attention'>>();
  await mapBounded(chosen, READS_AT_ONCE, async (clip) => {
    const known = await input.details(clip);
    if (known) details.set(`${clip.track}.${clip.clip.index}`, known);
  });
  const kept = new Set(chosen.flatMap(({ track, clip }, at) => (sizes[at] ? [`${track}.${clip.index}`] : [])));
  const frames = new Set<number>();
  for (const { frame } of result.frames ?? []) if (await input.hasFrame(frame)) frames.add(frame);
  const page = await renderReport({
    record,
    result,
    language,
    shown: chosen,
    details: ({ track, clip }) => details.get(`${track}.${clip}`),
    hasClip: (track, clip) => kept.has(`${track}.${clip}`),
    hasFrame: (frame) => frames.has(frame),
  });
  yield* fillPictures(page, input);
}

/** Fewer clips, still chosen by the same rule, until their pictures fit. */
async function fitPictures(input: ReportInput): Promise<{ chosen: ChosenClip[]; sizes: number[] }> {
  const faces = shownFaces(input.result);
  for (let count = PICTURED_CLIPS_MAX; ; ) {
    const chosen = chooseClips(faces, count);
    const sizes = await Promise.all(chosen.map((clip) => input.clipBytes(clip)));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    if (total <= PICTURE_BYTES) return { chosen, sizes };
    count = Math.min(chosen.length - 1, Math.floor((chosen.length * PICTURE_BYTES) / total));
  }
}
