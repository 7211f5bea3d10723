import type { ClipDetails } from './viewed-job.js';

type StyleFlow = NonNullable<ClipDetails['styleFlow']>;

/** Layers that carry the same kind of thing; the bounds are those of StyleGAN's paper, counted from 0, the end left out. */
const GROUPS = [
  { name: 'coarse', from: 0, to: 4 },
  { name: 'middle', from: 4, to: 8 },
  { name: 'fine', from: 8, to: 18 },
] as const;

export interface StyleGroup {
  readonly name: (typeof GROUPS)[number]['name'];
  /** A row a layer, a column a step from frame to frame. */
  readonly rows: readonly (readonly number[])[];
  readonly mean: number;
}

/** Steps × layers, turned and cut by groups; a group of which the model has no layer is left out. */
export function styleGroups(styleFlow: StyleFlow): StyleGroup[] {
  const layers = styleFlow[0]?.length ?? 0;
  const rows = Array.from({ length: layers }, (_, layer) => styleFlow.map((step) => step[layer] ?? 0));
  return GROUPS.flatMap(({ name, from, to }) => {
    const own = rows.slice(from, to);
    const values = own.flat();
    if (values.length === 0) return [];
    return [{ name, rows: own, mean: values.reduce((sum, value) => sum + value, 0) / values.length }];
  });
}

/** The largest step of any clip: the common top of the scale. */
export function largestStep(styleFlows: readonly StyleFlow[]): number {
  let top = 0;
  for (const flow of styleFlows) for (const step of flow) for (const value of step) top = Math.max(top, value);
  return top;
}
