import type { ReactNode } from 'react';
import { type StyleGroup, styleGroups } from '../facts/style-groups.js';
import type { ClipDetails } from '../facts/viewed-job.js';
import type { Words } from '../words/words.js';
import { HeatMap } from './heat-map.js';

export interface StyleProps {
  readonly words: Words;
  readonly details: ClipDetails;
  /** The largest step of any clip on the page, so that maps can be compared. */
  readonly top: number;
}

/** A clip's style flow by groups of layers, and its attention map, where the model has them. */
export function StylePart({ words, details, top }: StyleProps): ReactNode {
  const { styleFlow, attention } = details;
  return (
    <div className="jv-style">
      {styleFlow && styleFlow.length > 0 && (
        <div className="jv-flow">
          {styleGroups(styleFlow).map((group) => (
            <GroupRow key={group.name} words={words} group={group} top={top} />
          ))}
        </div>
      )}
      {attention && attention.length > 0 && (
        <HeatMap rows={attention} top={largest(attention)} label={words.attention.label} className="jv-attention" />
      )}
    </div>
  );
}

function GroupRow({ words, group, top }: { words: Words; group: StyleGroup; top: number }): ReactNode {
  const name = words.style[group.name];
  const steps = group.rows[0]?.length ?? 0;
  return (
    <div className="jv-group">
      <span>
        {name} <small>{words.style.mean(words.number(group.mean, 2))}</small>
      </span>
      <HeatMap
        rows={group.rows}
        top={top}
        label={`${name}: ${words.style.label(steps, group.rows.length)}`}
        className={`jv-${group.name}`}
      />
    </div>
  );
}

/** What the maps mean, once a page. */
export function StyleLegend({
  words,
  top,
  hasAttention,
}: {
  words: Words;
  top: number;
  hasAttention: boolean;
}): ReactNode {
  return (
    <div className="jv-note">
      <p>
        <b>{words.style.title}.</b> {words.style.about} {words.style.groups}
      </p>
      <p className="jv-ramp">
        <span>{words.style.least}</span>
        <i />
        <span>{words.style.most(words.number(top, 2))}</span>
      </p>
      {hasAttention && (
        <p>
          <b>{words.attention.title}.</b> {words.attention.about}
        </p>
      )}
    </div>
  );
}

function largest(rows: readonly (readonly number[])[]): number {
  return rows.flat().reduce((top, value) => Math.max(top, value), 0);
}
