import type { CSSProperties, ReactNode } from 'react';
import { bandOf } from '../facts/style-band.js';
import type { ViewedClip } from '../facts/viewed-job.js';
import { StylePart } from './style-part.js';
import { clipAnchor, printScore, printSeconds, type View } from './view.js';

export interface ClipProps {
  readonly view: View;
  readonly track: number;
  readonly clip: ViewedClip;
  readonly isHighest: boolean;
  readonly isOpen: boolean;
  /** The element around it names the same pictures. */
  readonly inheritsStrip: boolean;
  readonly styleTop: number;
}

/** One clip, folded: when, how high; opened: its 32 crops as a filmstrip and as a loop, its style flow, its attention map. */
export function ClipPart({ view, track, clip, isHighest, isOpen, inheritsStrip, styleTop }: ClipProps): ReactNode {
  const { words, pictures } = view;
  const picture = pictures.clip(track, clip.index);
  const details = view.details({ track, clip: clip.index });
  const [start, end] = clip.seconds;
  const { threshold } = view.result.verdict;
  const style = inheritsStrip ? {} : stripStyle(picture ?? null);
  const loop = { '--loop': `${Math.max(0.4, (end - start) * (32 / 31)).toFixed(2)}s` } as CSSProperties;
  return (
    <details className="jv-clip" open={isOpen}>
      <summary>
        <b>{words.extent({ from: printSeconds(words, start), to: printSeconds(words, end) })}</b>
        <span>
          {words.clips.about(clip.index + 1, clip.frames[0], clip.frames[1])}
          {clip.padded && `, ${words.clips.padded}`}
        </span>
        <span>
          {clip.score === null ? words.notScored : `${words.score} ${printScore(words, clip.score, threshold)}`}
        </span>
        {isHighest && <em>{words.clips.highest}</em>}
      </summary>
      <div className="jv-open" id={clipAnchor({ track, clip: clip.index })} style={style}>
        {picture === null ? (
          <p className="jv-nopicture">{words.clips.gone}</p>
        ) : (
          <div className="jv-film" style={loop}>
            <div className="jv-loop" role="img" aria-label={words.clips.loop} />
            <div
              className="jv-strip"
              role="img"
              aria-label={picture === undefined ? words.clips.loading : words.clips.strip}
            >
              <i />
              <i />
              <i />
              <i />
            </div>
          </div>
        )}
        {details && <StylePart words={words} details={details} top={styleTop} band={bandOf(view)} />}
      </div>
    </details>
  );
}

/** Names the picture of a clip once, for all elements below that show a part of it. */
export function stripStyle(picture: string | null): CSSProperties {
  if (picture === null) return { '--strip': 'none' } as CSSProperties;
  const address = picture.replace(/["'()\\\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return { '--strip': `url(${address})` } as CSSProperties;
}
