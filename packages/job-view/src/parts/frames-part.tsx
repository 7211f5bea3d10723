import type { ReactNode } from 'react';
import type { ViewedResult } from '../facts/viewed-job.js';
import { faceNames, printSeconds, type View } from './view.js';

type WholeFrame = NonNullable<ViewedResult['frames']>[number];

/** Whole frames with numbered boxes, so that one knows who is meant by "Face 3". */
export function FramesPart({ view, player }: { readonly view: View; readonly player?: ReactNode }): ReactNode {
  const { words, result, pictures } = view;
  const frames = (result.frames ?? []).flatMap((frame) => {
    const picture = pictures.frame(frame.frame);
    return picture === null ? [] : [{ frame, picture }];
  });
  if (frames.length === 0 && !player) return null;
  const shown = new Set(frames.flatMap(({ frame }) => frame.boxes.map(({ track }) => track)));
  const unseen = result.faces.map(({ track }) => track).filter((track) => !shown.has(track));
  return (
    <section className="jv-section">
      <h2>{result.faces.length === 0 ? words.frames.titleOfNone : words.frames.title}</h2>
      <p>
        {result.faces.length === 0 ? words.frames.aboutNone : words.frames.about}
        {frames.length > 0 && unseen.length > 0 && ` ${words.frames.unseen(faceNames(words, unseen))}`}
      </p>
      {player}
      <div className="jv-frames">
        {frames.map(({ frame, picture }) => (
          <FrameFigure key={frame.frame} view={view} frame={frame} picture={picture} isAlone={frames.length === 1} />
        ))}
      </div>
    </section>
  );
}

interface FigureProps {
  readonly view: View;
  readonly frame: WholeFrame;
  readonly picture: string | undefined;
  readonly isAlone: boolean;
}

function FrameFigure({ view, frame, picture, isAlone }: FigureProps): ReactNode {
  const { words, result } = view;
  const { width, height } = result.video;
  const time = printSeconds(words, frame.seconds);
  const who = frame.boxes.map(({ track }) => track);
  const label = words.frames.label(time, who.length === 0 ? words.frames.nobody : faceNames(words, who));
  const isWide = width >= height;
  return (
    <figure className={`jv-frame${isWide ? ' jv-wide' : ''}`} style={{ width: frameWidth(width / height, isAlone) }}>
      <div className="jv-frame-picture" style={{ aspectRatio: `${width} / ${height}` }}>
        {picture !== undefined && <img src={picture} alt={label} loading="lazy" decoding="async" />}
        <FaceBoxes width={width} height={height} boxes={frame.boxes} />
      </div>
      <figcaption>{words.frames.at(time, frame.frame)}</figcaption>
    </figure>
  );
}

/** Pictures of one size side by side, upright ones no higher than they are worth. */
function frameWidth(shape: number, isAlone: boolean): string {
  const [widest, highest] = isAlone ? [34, 24] : [19, 16];
  return `min(100%, ${Math.min(widest, highest * shape).toFixed(1)}rem)`;
}

export interface FaceBoxesProps {
  /** Of the displayed frame, in the pixels that the boxes are in. */
  readonly width: number;
  readonly height: number;
  readonly boxes: WholeFrame['boxes'];
}

/** Numbered boxes to lie over a picture or a video of the same shape. */
export function FaceBoxes({ width, height, boxes }: FaceBoxesProps): ReactNode {
  const size = Math.max(width, height) / 26;
  return (
    <svg className="jv-boxes" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {boxes.map(({ track, box: [x1, y1, x2, y2] }) => {
        const text = String(track + 1);
        const tag = size * (0.5 + 0.62 * text.length);
        const [x, y] = [Math.min(Math.max(0, x1), width - tag), y1 > size * 1.25 ? y1 - size * 1.25 : Math.max(0, y1)];
        return (
          <g key={track}>
            <rect className="jv-box-edge" x={x1} y={y1} width={Math.max(0, x2 - x1)} height={Math.max(0, y2 - y1)} />
            <rect className="jv-box" x={x1} y={y1} width={Math.max(0, x2 - x1)} height={Math.max(0, y2 - y1)} />
            <rect className="jv-tag" x={x} y={y} width={tag} height={size * 1.25} />
            <text x={x + tag / 2} y={y + size * 0.97} fontSize={size} textAnchor="middle">
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
