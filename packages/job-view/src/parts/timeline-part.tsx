import { secondsLookedAt } from '@styleflow/contracts/seconds-looked-at';
import { printTime } from '@styleflow/runtime/print-numbers';
import type { ReactNode } from 'react';
import { axisEnd, axisTicks } from '../facts/time-axis.js';
import { isMeaningful } from '../facts/verdict-facts.js';
import type { ViewedFace } from '../facts/viewed-job.js';
import { Lane } from './lane.js';
import { printSeconds, type View } from './view.js';

export interface TimelineProps {
  readonly view: View;
  readonly faces: readonly ViewedFace[];
  /** Which clips have their pictures on the page. */
  readonly isShown: (track: number, clip: number) => boolean;
}

/** All faces on one axis of time: when each was seen, and how high its clips scored. */
export function TimelinePart({ view, faces, isShown }: TimelineProps): ReactNode {
  const { words, result, job, kind } = view;
  const { timeline } = words;
  const end = axisEnd(result);
  const hidden = result.faces.length - faces.length;
  const until = secondsLookedAt(result.video, job.options);
  const hasClips = faces.some(({ clips }) => clips.length > 0);
  return (
    <section className="jv-section">
      <h2>{timeline.title}</h2>
      <p>
        {timeline.about(isMeaningful(kind))} {hasClips && timeline.open} {hasClips && view.onSelect && timeline.keys}{' '}
        {result.faces.length > 1 && timeline.several} {hidden > 0 && timeline.crowd(hidden)}
      </p>
      <div className="jv-lanes">
        {faces.map((face) => (
          <Lane key={face.track} view={view} face={face} end={end} faces={faces.length} isShown={isShown} />
        ))}
        <div className="jv-axis" aria-hidden="true">
          {axisTicks(end).map((seconds) => (
            <span key={seconds} style={{ left: `${((seconds / end) * 100).toFixed(2)}%` }}>
              {words.seconds(printTick(seconds, end))}
            </span>
          ))}
        </div>
      </div>
      {until !== null && <p className="jv-unlooked">{timeline.notLooked(printSeconds(words, until))}</p>}
      <Legend view={view} isMeaningful={isMeaningful(kind)} hasCuts={(result.cuts ?? []).length > 0} />
    </section>
  );
}

function Legend({
  view: { words },
  isMeaningful,
  hasCuts,
}: {
  view: View;
  isMeaningful: boolean;
  hasCuts: boolean;
}): ReactNode {
  const { timeline } = words;
  const shades = (names: readonly string[]): ReactNode =>
    names.map((name) => <i key={name} className={`jv-key ${name}`} />);
  return (
    <ul className="jv-legend">
      {isMeaningful ? (
        <>
          <li>
            {shades(['jv-s0', 'jv-s1', 'jv-s2'])} {timeline.low}
          </li>
          <li>
            {shades(['jv-s3', 'jv-s4', 'jv-s5'])} {timeline.high}
          </li>
        </>
      ) : (
        <li>
          {shades(['jv-neutral'])} {timeline.neutral}
        </li>
      )}
      <li>
        {shades(['jv-none'])} {timeline.none}
      </li>
      <li>
        {shades(['jv-seen'])} {timeline.seen}
      </li>
      <li>
        {shades(['jv-line'])} {timeline.threshold}
      </li>
      {hasCuts && (
        <li>
          {shades(['jv-cut'])} {timeline.cut}
        </li>
      )}
    </ul>
  );
}

function printTick(seconds: number, end: number): string {
  if (end < 10) return `${Number(seconds.toFixed(1))} s`;
  return printTime(seconds).replace(/\.\d$/, '');
}
