import type { ReactNode } from 'react';
import { type Bar, barsOfFace, gatherBars } from '../facts/gather-bars.js';
import { axisCuts } from '../facts/time-axis.js';
import { isMeaningful } from '../facts/verdict-facts.js';
import type { ViewedFace } from '../facts/viewed-job.js';
import { clipAnchor, printScore, printSeconds, type View } from './view.js';

export interface LaneProps {
  readonly view: View;
  readonly face: ViewedFace;
  /** Seconds at which the axis ends. */
  readonly end: number;
  /** Faces that share the page. */
  readonly faces: number;
  readonly isShown: (track: number, clip: number) => boolean;
}

/**
 * One face over time: a bar a clip (width its seconds, height and colour its score), the threshold as a line, cuts, and a thin
 * line while the face was seen. Drawn to a fixed size and stretched to the page's width; its words stand beside it.
 */
export function Lane({ view, face, end, faces, isShown }: LaneProps): ReactNode {
  const { words, result } = view;
  const { threshold } = result.verdict;
  const bars = gatherBars(face, barsOfFace(faces));
  const top = face.clips.reduce((highest, { score }) => Math.max(highest, score ?? 0), 0);
  const label = words.timeline.label(
    face.track + 1,
    printSeconds(words, end),
    face.clips.length,
    printScore(words, top, threshold),
    printScore(words, threshold, top),
  );
  const y = (100 - threshold * 100).toFixed(1);
  return (
    <div className="jv-lane">
      <div className="jv-lane-name">
        <a href={`#face-${face.track}`}>{words.face(face.track + 1)}</a>
        <span>{face.score === null ? words.notScored : printScore(words, face.score, threshold)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: no element of HTML groups the marks of a drawing */}
      <svg
        className="jv-plot"
        viewBox="0 0 1000 100"
        preserveAspectRatio="none"
        role="group"
        aria-label={label}
        // One stop a face: the page around the view moves on from there to the bars.
        tabIndex={view.onSelect && bars.length > 0 ? 0 : undefined}
      >
        <rect className="jv-floor" width="1000" height="100" />
        <Presence face={face} end={end} />
        {bars.map((bar) => (
          <BarMark key={bar.first.index} view={view} track={face.track} bar={bar} end={end} isShown={isShown} />
        ))}
        <path
          className="jv-cuts"
          d={axisCuts(result, end)
            .map((seconds) => `M${((seconds / end) * 1000).toFixed(2)} 0V100`)
            .join('')}
        />
        <line className="jv-threshold" x1="0" x2="1000" y1={y} y2={y} />
      </svg>
    </div>
  );
}

/** A thin line while the face is in the picture, also where no clip could be cut. */
function Presence({ face, end }: { readonly face: ViewedFace; readonly end: number }): ReactNode {
  const [first, last] = [face.boxes[0], face.boxes.at(-1)];
  if (!first || !last) return null;
  const width = Math.max(2, ((last.seconds - first.seconds) / end) * 1000);
  return <rect className="jv-seen" x={fixed((first.seconds / end) * 1000)} y="94" width={fixed(width)} height="6" />;
}

interface BarProps {
  readonly view: View;
  readonly track: number;
  readonly bar: Bar;
  readonly end: number;
  readonly isShown: (track: number, clip: number) => boolean;
}

function BarMark({ view, track, bar, end, isShown }: BarProps): ReactNode {
  const { words, result, kind, onSelect } = view;
  const height = bar.score === null ? 100 : Math.max(4, bar.score * 100);
  const shade = isMeaningful(kind)
    ? shadeOf(bar.score, result.verdict.threshold)
    : bar.score === null
      ? 'none'
      : 'neutral';
  const mark = (
    <rect
      className={`jv-${shade}`}
      x={fixed((bar.start / end) * 1000)}
      y={fixed(100 - height)}
      width={fixed(barWidth(((bar.end - bar.start) / end) * 1000))}
      height={fixed(height)}
    >
      <title>{describe(view, bar)}</title>
    </rect>
  );
  const place = { track, clip: bar.top.index };
  if (!onSelect && !isShown(track, bar.top.index)) return mark;
  // Clips are reached by keyboard in the list below, or from bar to bar; hundreds of stops here would only be in the way.
  return (
    <a
      href={`#${clipAnchor(place)}`}
      tabIndex={-1}
      aria-label={words.clip(bar.top.index + 1)}
      onClick={onSelect && (() => onSelect(place))}
    >
      {mark}
    </a>
  );
}

/** A little narrower than its time, so that neighbours can be told apart; never so narrow that it fades. */
function barWidth(time: number): number {
  return Math.max(1, time - Math.min(1, time * 0.15));
}

function describe({ words }: View, { start, end, score, first, last }: Bar): string {
  const when = words.extent({ from: printSeconds(words, start), to: printSeconds(words, end) });
  const value = score === null ? words.notScored : `${words.score} ${words.number(score, 4)}`;
  const logit = first === last && first.logit !== null ? `, logit ${words.number(first.logit, 4)}` : '';
  return words.timeline.bar(when, words.timeline.clips(first.index + 1, last.index + 1), `${value}${logit}`);
}

/** Three shades on either side of the threshold. */
export function shadeOf(score: number | null, threshold: number): string {
  if (score === null) return 'none';
  const third = (share: number): number => Math.min(2, Math.floor(share * 3));
  if (score < threshold) return `s${third(score / threshold)}`;
  return `s${3 + (threshold < 1 ? third((score - threshold) / (1 - threshold)) : 2)}`;
}

const fixed = (value: number): string => value.toFixed(2);
