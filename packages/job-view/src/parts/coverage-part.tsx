import { secondsLookedAt } from '@styleflow/contracts/seconds-looked-at';
import type { ReactNode } from 'react';
import { isStill } from '../facts/still-faces.js';
import { faceNames, printSeconds, type View } from './view.js';

/** How much of the video the verdict rests on, and what makes it doubtful, for people who do not read tables. */
export function CoveragePart({ view }: { readonly view: View }): ReactNode {
  return (
    <>
      {doubts(view).map((sentence) => (
        <p className="jv-note jv-doubt" key={sentence}>
          {sentence}
        </p>
      ))}
      <p className="jv-note">{coverage(view)}</p>
    </>
  );
}

function coverage({ words, job: { options }, result: { video, faces } }: View): string {
  const clips = faces.reduce((total, face) => total + face.clips.length, 0);
  const found = words.coverage.found(faces.length, clips);
  const until = secondsLookedAt(video, options);
  const whole = video.durationSeconds;
  if (until !== null && whole !== null) {
    return words.coverage.head(video.framesUsed, printSeconds(words, until), printSeconds(words, whole), found);
  }
  return words.coverage.all(video.framesUsed, options.sampling === 'spread' && options.maxFrames > 0, found);
}

function doubts({ words, result, pictures }: View): string[] {
  const { video, partial, notes = [], faces } = result;
  const { doubt } = words;
  const unscored = faces.flatMap(({ clips }) => clips.filter(({ score }) => score === null)).length;
  const still = faces.filter(isStill).map(({ track }) => track);
  const hasClips = faces.some(({ clips }) => clips.length > 0);
  const hasPicture = faces.some(({ track, clips }) => clips.some(({ index }) => pictures.clip(track, index) !== null));
  return [
    ...(video.framesDamaged > 0 ? [doubt.damaged(video.framesDamaged, video.framesUsed)] : []),
    // Damage is told with its number above.
    ...notes.filter((note) => note !== 'frames_undecodable').flatMap((note) => doubt.note[note] ?? []),
    ...(partial ? [doubt.partial(unscored)] : []),
    ...(still.length > 0 ? [doubt.still(faceNames(words, still), still.length === 1)] : []),
    ...(hasClips && !hasPicture ? [doubt.mediaGone] : []),
  ];
}
