import type { ReactNode } from 'react';
import { placeInBand, type StyleBand } from '../facts/style-band.js';
import { type StyleGroup, styleGroups } from '../facts/style-groups.js';
import type { ClipDetails } from '../facts/viewed-job.js';
import type { Words } from '../words/words.js';
import { BandScale } from './band-scale.js';
import { HeatMap } from './heat-map.js';

export interface StyleProps {
  readonly words: Words;
  readonly details: ClipDetails;
  /** The largest step of any clip on the page, so that maps can be compared. */
  readonly top: number;
  /** Where real videos lay, if the bundle tells it. */
  readonly band: StyleBand | undefined;
}

/** A clip's style flow by groups of layers, and its attention map, where the model has them. */
export function StylePart({ words, details, top, band }: StyleProps): ReactNode {
  const { styleFlow, attention } = details;
  return (
    <div className="jv-style">
      {styleFlow && styleFlow.length > 0 && (
        <div className="jv-flow">
          {styleGroups(styleFlow).map((group) => (
            <GroupRow key={group.name} words={words} group={group} top={top} band={band} />
          ))}
        </div>
      )}
      {attention && attention.length > 0 && (
        <HeatMap rows={attention} top={largest(attention)} label={words.attention.label} className="jv-attention" />
      )}
    </div>
  );
}

interface GroupProps {
  readonly words: Words;
  readonly group: StyleGroup;
  readonly top: number;
  readonly band: StyleBand | undefined;
}

function GroupRow({ words, group, top, band }: GroupProps): ReactNode {
  const name = words.style[group.name];
  const place = placeInBand(band, group.name, group.mean);
  const steps = group.rows[0]?.length ?? 0;
  return (
    <div className="jv-group">
      <span>
        {name} <small>{words.style.mean(words.number(group.mean, 2))}</small>
        {place && (
          <>
            <BandScale place={place} />
            <small>{words.style.lies[place.lies]}</small>
          </>
        )}
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

/** A clip within its band, as an example. */
const LEGEND = { low: 0.2, middle: 0.32, high: 0.5, mean: 0.42, lies: 'within' } as const;

/** What the maps mean, once a page. */
export function StyleLegend({
  words,
  top,
  hasAttention,
  band,
}: {
  words: Words;
  top: number;
  hasAttention: boolean;
  band: StyleBand | undefined;
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
      {band && (
        <p className="jv-band-legend">
          <BandScale place={LEGEND} />
          <span>
            <b>{words.style.bandTitle}.</b> {words.style.band(band.videos, band.clips)}
          </span>
        </p>
      )}
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
