import {
  type JobOptions,
  noteWords,
  outsideWords,
  type Result,
  type ResultFace,
  secondsLookedAt,
  type Verdict,
} from '@styleflow/contracts';
import { digitsApart, printCount, printTime } from '@styleflow/runtime/print-numbers';
import { drawTimeline } from './timeline.js';

const FACES_SHOWN = 12;
/** A timeline fills what the words of its row leave of the terminal's width, within these bounds. */
const CELLS_MIN = 10;
const CELLS_MAX = 40;
/** Width of the words of a row: face, frames and clips before the timeline; the score or `not scored` behind it. */
const WORDS_BEFORE = 35;
const WORDS_BEHIND = 11;

/**
 * The result for people, as lines: what was looked at, a row for each face with its score over time, the verdict, the
 * model.
 * @param columns width of the terminal; undefined where there is none.
 */
export function printResult(
  result: Result,
  options: JobOptions,
  columns: number | undefined = process.stdout.columns,
): string[] {
  const { verdict, model } = result;
  const cells = Math.min(CELLS_MAX, Math.max(CELLS_MIN, (columns ?? Infinity) - WORDS_BEFORE - WORDS_BEHIND));
  const score = verdict.score === null ? '' : printVerdictScore(verdict.score, verdict.threshold);
  const provider = model.provider === null ? '' : `, on ${model.provider}`;
  return [
    ...printVideo(result, options),
    ...printFaces(result, cells),
    ...printOpinions(result),
    ...printStability(result),
    `verdict: ${verdict.label}${score}: ${result.combined ? explainVotes(result.combined) : explain(verdict)}`,
    `model:   ${model.bundle} (${model.variant}, ${model.precision}, ${model.trained ? 'trained' : 'untrained'}${provider})`,
    ...(model.trained ? [] : ['weights: bring trained ones with `npm run styleflow -- models import --help`']),
  ];
}

/** Three decimals and two; more where rounding would hide on which side of the threshold it lies. */
function printVerdictScore(score: number, threshold: number): string {
  const digits = digitsApart(score, threshold);
  return ` score ${score.toFixed(Math.max(3, digits))} (threshold ${threshold.toFixed(digits)})`;
}

/** A row for each of several bundles. */
function printOpinions({ opinions = [] }: Result): string[] {
  return opinions.map(({ model, verdict, leftOut }) => {
    const score = verdict === undefined || verdict.score === null ? '' : ` score ${verdict.score.toFixed(3)}`;
    const says = verdict === undefined ? 'left out' : `${verdict.label}${score}`;
    const why = leftOut?.message ?? (verdict?.reason === undefined ? '' : explain(verdict));
    return `opinion: ${model.bundle}: ${says}${why === '' ? '' : `: ${why}`}`;
  });
}

/** What became of the score after mild re-encodings. */
function printStability({ stability, model }: Result): string[] {
  if (stability === undefined) return [];
  const { plain, h264, half } = stability.scores;
  const print = (score: number | null): string => (score === null ? 'unknown' : score.toFixed(3));
  const spread = stability.spread === null ? '' : `, spread ${stability.spread.toFixed(3)}`;
  const scores = `${print(plain)} as cut, ${print(h264)} after H.264, ${print(half)} after half size${spread}`;
  return [`stability: ${scores}${model.trained ? `: ${STABILITY_WORDS[stability.state]}` : ''}`];
}

const STABILITY_WORDS: Readonly<Record<NonNullable<Result['stability']>['state'], string>> = {
  stable: 'the same label each time',
  unstable: 'not the same label each time',
  unknown: 'too few re-encoded clips could be scored to tell',
  no_verdict: 'there was no verdict to check',
};

function explainVotes({ rule, votes, disagreed }: NonNullable<Result['combined']>): string {
  if (votes.length === 0) return 'no bundle voted: those that are untrained, in doubt or left out do not';
  const fakes = votes.filter(({ label }) => label === 'fake').length;
  const others = disagreed.length === 0 ? '' : `; voted otherwise: ${disagreed.join(', ')}`;
  return `${fakes} of ${printCount(votes.length, 'vote')} for fake, by ${rule}${others}`;
}

function printVideo({ video, partial, notes = [] }: Result, options: JobOptions): string[] {
  const until = secondsLookedAt(video, options);
  const part =
    until === null
      ? ''
      : `, about the first ${printTime(until)} of ${printTime(video.durationSeconds ?? 0)}; --max-frames 0 takes the whole video`;
  const frames = printCount(video.framesUsed, 'frame');
  return [
    `video:   ${video.width}×${video.height} ${video.codec}, ${frames} used${part}`,
    ...(video.framesDamaged > 0
      ? [`damage:  ${video.framesDamaged} of ${frames} could not be decoded cleanly; scores around them are doubtful`]
      : []),
    ...notes.filter((note) => note !== 'frames_undecodable').map((note) => `note:    ${noteWords(note)}`),
    ...(partial ? ['partial: some clips could not be scored; the verdict rests on the others'] : []),
  ];
}

function printFaces({ faces, video }: Result, cells: number): string[] {
  if (faces.length === 0) return [];
  const ends = faces.flatMap((face) => face.clips.map((clip) => clip.seconds[1]));
  const duration = ends.reduce((last, end) => Math.max(last, end), video.durationSeconds ?? 0);
  const end = printTime(duration);
  const hidden = faces.length - FACES_SHOWN;
  return [
    `${' '.repeat(WORDS_BEFORE)}0${end.padStart(cells - 1)}`,
    ...faces.slice(0, FACES_SHOWN).map((face) => printFace(face, duration, cells)),
    ...(hidden > 0 ? [`  and ${printCount(hidden, 'more face')}: see the report`] : []),
  ];
}

function printFace(face: ResultFace, duration: number, cells: number): string {
  const name = `face ${face.track + 1}`.padEnd(8);
  const frames = printCount(face.frameCount, 'frame').padEnd(13);
  const clips = printCount(face.clips.length, 'clip').padEnd(9);
  const score = face.score === null ? 'not scored' : face.score.toFixed(3);
  return `  ${name} ${frames} ${clips} ${drawTimeline(face.clips, duration, cells)} ${score}`;
}

/** Explains a verdict in one sentence, and promises nothing. */
function explain(verdict: Verdict): string {
  switch (verdict.reason) {
    case 'no_face':
      return 'no face was found in the frames that were looked at';
    case 'face_too_short':
      return 'no face stays in view for 16 frames';
    case 'untrained_bundle':
      return 'the model is untrained: the score shows that the system works, and nothing about the video';
    case 'score_in_doubt':
      return 'the score lies between the thresholds from which on the model is known to be right often enough';
    case 'outside_calibration':
      return `the model was not measured on such videos: ${(verdict.outside ?? []).map(outsideWords).join('; ')}`;
    case 'unstable':
      return 'the verdict does not hold when the clips are encoded anew, or that could not be checked';
    case undefined:
      return verdict.label === 'fake'
        ? 'the score reaches the threshold'
        : 'the score stays below the threshold; that is no proof of authenticity';
  }
}
