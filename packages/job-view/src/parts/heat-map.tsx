import type { ReactNode } from 'react';

/** Shades between nothing and the scale's top; more cannot be told apart in a cell of a few pixels. */
const SHADES = 8;

export interface HeatMapProps {
  /** By rows, from the top. */
  readonly rows: readonly (readonly number[])[];
  /** What the fullest colour stands for. */
  readonly top: number;
  readonly label: string;
  readonly className: string;
}

/**
 * Numbers as a small drawing: the larger, the fuller the colour, in light and dark alike. Equal neighbours are drawn as one run
 * and each shade as one path, which keeps a map of a clip under some 8 kB.
 */
export function HeatMap({ rows, top, label, className }: HeatMapProps): ReactNode {
  const paths = Array.from({ length: SHADES }, () => '');
  const shade = (value: number): number => (top > 0 ? Math.min(SHADES - 1, Math.floor((value / top) * SHADES)) : 0);
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; ) {
      const level = shade(row[x] ?? 0);
      let run = 1;
      while (x + run < row.length && shade(row[x + run] ?? 0) === level) run += 1;
      paths[level] += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return (
    <svg
      className={`jv-heat ${className}`}
      viewBox={`0 0 ${rows[0]?.length ?? 0} ${rows.length}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      {paths.map((path, level) => path !== '' && <path key={path} d={path} fillOpacity={opacity(level)} />)}
    </svg>
  );
}

const opacity = (level: number): string => ((level + 0.5) / SHADES).toFixed(2);
