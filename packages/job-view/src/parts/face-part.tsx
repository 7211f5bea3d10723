import type { ReactNode } from 'react';
import { isStill } from '../facts/still-faces.js';
import type { ViewedClip, ViewedFace } from '../facts/viewed-job.js';
import { ClipPart, stripStyle } from './clip-part.js';
import { printScore, printSeconds, type View } from './view.js';

export interface FaceProps {
  readonly view: View;
  readonly face: ViewedFace;
  readonly decides: boolean;
  /** Those of its clips whose pictures are on the page, in order. */
  readonly shown: readonly ViewedClip[];
  /** A clip that is to be open beside the highest one. */
  readonly selected: number | null;
  readonly styleTop: number;
}

/** One face: who it is, how high it scored, and the pictures of its clips. */
export function FacePart({ view, face, decides, shown, selected, styleTop }: FaceProps): ReactNode {
  const { words, pictures } = view;
  const top = highestClip(face);
  const portrait = top === null ? null : pictures.clip(face.track, top.index);
  const several = face.clips.length > 1;
  return (
    // The highest clip's pictures are named here once, for the portrait and for the clip itself.
    <article className="jv-face" id={`face-${face.track}`} style={stripStyle(portrait ?? null)}>
      <header>
        {portrait !== null && <div className="jv-portrait" aria-hidden="true" />}
        <div>
          <h3>{words.face(face.track + 1)}</h3>
          <p className="jv-about">{about(view, face, decides).join(' · ')}</p>
        </div>
        <span className="jv-score">
          {face.score === null
            ? words.notScored
            : `${words.score} ${printScore(words, face.score, view.result.verdict.threshold)}`}
        </span>
      </header>
      <div className="jv-clips">
        {shown.map((clip) => (
          <ClipPart
            key={clip.index}
            view={view}
            track={face.track}
            clip={clip}
            isHighest={several && clip === top}
            isOpen={clip === top || clip.index === selected}
            inheritsStrip={clip === top && portrait !== null}
            styleTop={styleTop}
          />
        ))}
      </div>
      {face.clips.length > 0 && shown.length === 0 && <p className="jv-note">{words.faces.clipsWithout}</p>}
    </article>
  );
}

function about({ words, result }: View, face: ViewedFace, decides: boolean): string[] {
  const [first, last] = [face.boxes[0], face.boxes.at(-1)];
  const { faces: say } = words;
  return [
    ...(first && last ? [say.seen(printSeconds(words, first.seconds), printSeconds(words, last.seconds))] : []),
    words.count.frames(face.frameCount),
    ...(face.clips.length === 0 ? [say.tooShort] : [words.count.clips(face.clips.length)]),
    ...(face.clips.length > 0 && face.framesUnused > 0 ? [say.unused(face.framesUnused)] : []),
    ...(face.rank === 1 && result.faces.length > 1 ? [say.mostTime] : []),
    ...(decides && result.faces.length > 1 ? [say.decides] : []),
    ...(isStill(face) ? [say.still] : []),
  ];
}

/** The clip to look at first; null of a face without clips. */
function highestClip({ clips }: ViewedFace): ViewedClip | null {
  return clips.reduce<ViewedClip | null>(
    (best, clip) => ((clip.score ?? -1) > (best?.score ?? -2) ? clip : best),
    null,
  );
}
