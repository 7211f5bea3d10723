import { Html, html } from '@styleflow/runtime';

/** 31 × 18: a row a step from frame to frame, a column a style layer. */
export type StyleFlow = readonly (readonly number[])[];

/** Shades between nothing and the scale's top; more cannot be told apart in a cell of a few pixels. */
const SHADES = 8;

/** Rows are style layers, columns steps from frame to frame. */
function transpose(styleFlow: StyleFlow): number[][] {
  const layers = styleFlow[0]?.length ?? 0;
  return Array.from({ length: layers }, (_, layer) => styleFlow.map((step) => step[layer] ?? 0));
}

/** The largest step of any clip: the common top of the scale, so that maps on one page can be compared. */
export function heatScale(styleFlows: readonly StyleFlow[]): number {
  return styleFlows.flat(2).reduce((top, value) => Math.max(top, value), 0);
}

/**
 * A clip's style flow (31 × 18) as a small drawing: time to the right, style layers from coarse (top) to fine.
 * Equal neighbours are drawn as one run and each shade as one path, which keeps a map under some 8 kB.
 */
export function heatMap(styleFlow: StyleFlow, top: number): Html {
  const rows = transpose(styleFlow);
  const shade = (value: number): number => (top > 0 ? Math.min(SHADES - 1, Math.floor((value / top) * SHADES)) : 0);
  const paths = Array.from({ length: SHADES }, () => '');
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; ) {
      const level = shade(row[x] ?? 0);
      let run = 1;
      while (x + run < row.length && shade(row[x + run] ?? 0) === level) run += 1;
      paths[level] += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  const drawn = paths.map(
    (path, level) => path && `<path d="${path}" fill-opacity="${((level + 0.5) / SHADES).toFixed(2)}"/>`,
  );
  const size = `viewBox="0 0 ${styleFlow.length} ${rows.length}"`;
  const label = html`Style flow: ${styleFlow.length} steps, ${rows.length} layers`;
  return new Html(
    `<svg class="heat" ${size} preserveAspectRatio="none" shape-rendering="crispEdges" role="img" aria-label="${label}">${drawn.join('')}</svg>`,
  );
}
