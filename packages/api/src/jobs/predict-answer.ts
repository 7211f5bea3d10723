import type { PredictAnswer, Result, ResultFace } from '@styleflow/contracts';

/**
 * A result in the form of the original service, which looked at one face only: the best-detected one of the first frame
 * that shows a face. Without such a face, or when it fills no whole clip, the score is −1 with `NO_FACE`.
 */
export function predictAnswer({ job, verdict, faces, model, timings }: Result): PredictAnswer {
  const times = { start_time: timings.startedAt ?? timings.createdAt, end_time: timings.finishedAt, job_id: job };
  const face = originalFace(faces);
  const hasWholeClip = face?.clips.some((clip) => !clip.padded) ?? false;
  if (face === undefined || face.score === null || !hasWholeClip) {
    return { df_probability: -1, prediction: 'NO_FACE', ...times };
  }
  if (!model.trained) return { df_probability: face.score, prediction: 'UNCERTAIN', ...times };
  return { df_probability: face.score, prediction: face.score >= verdict.threshold ? 'FAKE' : 'REAL', ...times };
}

/** Of the faces in the first frame that has one, the face with the best detection; on a tie the lower track number. */
function originalFace(faces: readonly ResultFace[]): ResultFace | undefined {
  const [first] = [...faces].sort(
    (a, b) => a.frames[0] - b.frames[0] || b.firstScore - a.firstScore || a.track - b.track,
  );
  return first;
}
