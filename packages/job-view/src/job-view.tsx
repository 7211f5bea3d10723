import type { ReactNode } from 'react';
import { type ChosenClip, chooseClips } from './facts/choose-clips.js';
import { decisiveFace } from './facts/decisive-face.js';
import { leadResult } from './facts/lead-result.js';
import { bandOf } from './facts/style-band.js';
import { largestStep } from './facts/style-groups.js';
import { isMeaningful, verdictKind } from './facts/verdict-facts.js';
import { videoName } from './facts/video-name.js';
import type { ClipDetails, ViewedFace, ViewedJob, ViewedResult } from './facts/viewed-job.js';
import { BasisPart } from './parts/basis-part.js';
import { FacePart } from './parts/face-part.js';
import { FactsPart } from './parts/facts-part.js';
import { FramesPart } from './parts/frames-part.js';
import { OpinionsPart } from './parts/opinions-part.js';
import { RepeatPart } from './parts/repeat-part.js';
import { StabilityPart } from './parts/stability-part.js';
import { StyleLegend } from './parts/style-part.js';
import { TimelinePart } from './parts/timeline-part.js';
import { NoResultPart, VerdictPart } from './parts/verdict-part.js';
import { type ClipPlace, type PictureSource, printDate, type View } from './parts/view.js';
import { type Language, wordsOf } from './words/words.js';

/** Faces that are drawn; in a crowd the others are told as a number. */
const FACES_MAX = 40;
/** Clips whose pictures a person will look through. */
export const PICTURED_CLIPS_MAX = 96;

export interface JobViewProps {
  readonly job: ViewedJob;
  /** Null while there is none, and of jobs that failed or were canceled. */
  readonly result: ViewedResult | null;
  readonly language: Language;
  readonly pictures: PictureSource;
  /** Style flow and attention of a clip; undefined while they are not known, and for models without them. */
  readonly details: (place: ClipPlace) => ClipDetails | undefined;
  /** The clips that are shown with their pictures; by default those that `chooseClips` picks. */
  readonly shown?: readonly ChosenClip[];
  /** A clip that is shown and open, whether or not it was chosen. */
  readonly selected?: ClipPlace | null;
  /** Called for a bar of the timeline; without it bars lead to the clips that are shown. */
  readonly onSelect?: (place: ClipPlace) => void;
  /** The video with its boxes, where there is one. */
  readonly player?: ReactNode;
  /** Of a job that failed: its error in a few words. */
  readonly errorTitle?: string;
  /** The page around it names the video and bears the first heading. */
  readonly isEmbedded?: boolean;
}

/**
 * What a person sees of a job, from its verdict to how it can be repeated. The console shows it live; the report is the same,
 * rendered once. Nothing of it needs a script: what folds, links and moves does so by HTML and CSS.
 */
export function JobView(props: JobViewProps): ReactNode {
  const { job, result, language, pictures, details, onSelect, isEmbedded = false } = props;
  const words = wordsOf(language);
  const kind = verdictKind(job, result);
  const name = videoName(job);
  const when = result?.timings.finishedAt ?? job.finishedAt ?? job.createdAt;
  const kicker = !isEmbedded && (
    <div className="jv-kicker">
      <b>{words.report}</b>
      {name !== null && (
        <span className="jv-name">
          <bdi>{name}</bdi>
        </span>
      )}
      <span>{printDate(words, when)}</span>
    </div>
  );
  const className = `jv jv-kind-${kind}`;
  if (result === null) {
    return (
      <div className={className} lang={language}>
        {kicker}
        <NoResultPart words={words} job={job} kind={kind} errorTitle={props.errorTitle} isEmbedded={isEmbedded} />
      </div>
    );
  }
  const whole: View = { words, job, result, kind, pictures, details, onSelect };
  // Faces and clips have the scores of one bundle, which mean what its own verdict says.
  const lead = leadResult(result);
  const view: View = { ...whole, result: lead, kind: verdictKind(job, lead) };
  return (
    <div className={className} lang={language}>
      {kicker}
      <VerdictPart view={whole} isEmbedded={isEmbedded} />
      <OpinionsPart view={whole} />
      <StabilityPart view={view} />
      <FramesPart view={view} player={props.player} />
      <Faces view={view} shown={props.shown} selected={props.selected ?? null} />
      <BasisPart view={view} />
      <FactsPart view={view} />
      <RepeatPart view={view} />
      <footer className="jv-footer">{words.footer}</footer>
    </div>
  );
}

interface FacesProps {
  readonly view: View;
  readonly shown: readonly ChosenClip[] | undefined;
  readonly selected: ClipPlace | null;
}

/** The timeline of all faces, then each face with its clips. */
function Faces({ view, shown, selected }: FacesProps): ReactNode {
  const { words, result } = view;
  const faces = shownFaces(result);
  if (faces.length === 0) return null;
  const chosen = withSelected(faces, shown ?? chooseClips(faces, PICTURED_CLIPS_MAX), selected);
  const flows = chosen.flatMap(({ track, clip }) => view.details({ track, clip: clip.index })?.styleFlow ?? []);
  const styleTop = largestStep([flows]);
  const hasAttention = chosen.some(({ track, clip }) => view.details({ track, clip: clip.index })?.attention);
  const all = result.faces.reduce((total, { clips }) => total + clips.length, 0);
  const isShown = new Set(chosen.map(({ track, clip }) => `${track}.${clip.index}`));
  const decisive = decisiveFace(result)?.face.track;
  return (
    <>
      <TimelinePart view={view} faces={faces} isShown={(track, clip) => isShown.has(`${track}.${clip}`)} />
      <section className="jv-section">
        <h2>{words.faces.title}</h2>
        {chosen.length < all && <p>{words.faces.pictured(chosen.length, all)}</p>}
        {flows.length > 0 && (
          <StyleLegend words={words} top={styleTop} hasAttention={hasAttention} band={bandOf(view)} />
        )}
        {faces.map((face) => (
          <FacePart
            key={face.track}
            view={view}
            face={face}
            decides={face.track === decisive && isMeaningful(view.kind)}
            shown={chosen.flatMap(({ track, clip }) => (track === face.track ? clip : []))}
            selected={selected?.track === face.track ? selected.clip : null}
            styleTop={styleTop}
          />
        ))}
      </section>
    </>
  );
}

/** The faces that are drawn: those with most screen time, by their numbers. */
export function shownFaces({ faces }: Pick<ViewedResult, 'faces'>): ViewedFace[] {
  const longest = [...faces].sort((a, b) => a.rank - b.rank).slice(0, FACES_MAX);
  return longest.sort((a, b) => a.track - b.track);
}

/** The chosen clips and the selected one, in order of face and time. */
function withSelected(
  faces: readonly ViewedFace[],
  chosen: readonly ChosenClip[],
  selected: ClipPlace | null,
): readonly ChosenClip[] {
  if (selected === null) return chosen;
  if (chosen.some(({ track, clip }) => track === selected.track && clip.index === selected.clip)) return chosen;
  const clip = faces.find(({ track }) => track === selected.track)?.clips[selected.clip];
  if (!clip) return chosen;
  const all = [...chosen, { track: selected.track, clip }];
  return all.sort((a, b) => a.track - b.track || a.clip.index - b.clip.index);
}
