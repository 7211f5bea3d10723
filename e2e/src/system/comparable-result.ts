import type { Result } from '@styleflow/contracts';

/** What must be equal in a result whatever was killed: everything but ids, links and times. */
export function comparable(result: Result) {
  const faces = result.faces.map(({ clips, ...face }) => ({
    ...face,
    clips: clips.map(({ picture: _picture, details: _details, ...clip }) => clip),
  }));
  return { verdict: result.verdict, partial: result.partial, faces, video: result.video, model: result.model };
}
