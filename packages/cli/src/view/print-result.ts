import type { Result, Verdict } from '@styleflow/contracts';
import { drawTimeline, printSeconds } from './timeline.js';

const TIMELINE_CELLS = 40;
const FACES_SHOWN = 12;

/** What the label means, in one sentence that promises nothing. */
function explain(verdict: Verdict): string {
  switch (verdict.reason) {
    case 'no_face':
      return 'no face was found';
    case 'face_too_short':
      return 'no face stays in view for 16 frames';
    case 'untrained_bundle':
      return 'the model is untrained: the score shows that the system works, and nothing about the video';
    case undefined:
      return verdict.label === 'fake'
        ? 'the score reaches the threshold'
        : 'the score stays below the threshold; that is no proof of authenticity';
  }
}

/** The result for people, as lines: one row per face with its score over time, the verdict, the model. */
export function printResult(result: Result): string[] {
  const { verdict, video, model } = result;
  const seconds = result.faces.flatMap((face) => face.clips.map((clip) => clip.seconds[1]));
  const duration = Math.max(video.durationSeconds ?? 0, ...seconds);
  const scale =
    result.faces.length > 0
      ? [
          `  ${' '.repeat(33)}0 ${' '.repeat(TIMELINE_CELLS - 3 - printSeconds(duration).length)}${printSeconds(duration)}`,
        ]
      : [];
  const faces = result.faces.slice(0, FACES_SHOWN).map((face) => {
    const name = `face ${face.track + 1}`.padEnd(8);
    const clips = `${face.clips.length} clip${face.clips.length === 1 ? '' : 's'}`.padEnd(9);
    const frames = `${face.frameCount} frames`.padEnd(13);
    const score = face.score === null ? 'not scored' : face.score.toFixed(3);
    return `  ${name} ${frames} ${clips} ${drawTimeline(face.clips, duration, TIMELINE_CELLS)} ${score}`;
  });
  const more =
    result.faces.length > FACES_SHOWN ? [`  and ${result.faces.length - FACES_SHOWN} more faces: see the report`] : [];
  const score =
    verdict.score === null ? '' : ` score ${verdict.score.toFixed(3)} (threshold ${verdict.threshold.toFixed(2)})`;
  const lines = [
    `video:   ${video.width}×${video.height} ${video.codec}, ${video.framesUsed} frames used`,
    ...scale,
    ...faces,
    ...more,
    `verdict: ${verdict.label}${score}: ${explain(verdict)}`,
    `model:   ${model.bundle} (${model.variant}, ${model.precision}, ${model.trained ? 'trained' : 'untrained'}${model.provider === null ? '' : `, on ${model.provider}`})`,
  ];
  if (!model.trained) lines.push('weights: bring trained ones with `npm run styleflow -- models import --help`');
  return lines;
}
