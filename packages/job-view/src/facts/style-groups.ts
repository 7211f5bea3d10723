import { STYLE_GROUPS, type StyleGroupName, styleMeans } from '@styleflow/contracts/style-groups';
import type { ClipDetails } from './viewed-job.js';

type StyleFlow = NonNullable<ClipDetails['styleFlow']>;

export interface StyleGroup {
  readonly name: StyleGroupName;
  /** A row a layer, a column a step from frame to frame. */
  readonly rows: readonly (readonly number[])[];
  readonly mean: number;
}

/** Steps × layers, turned and cut by groups; a group of which the model has no layer is left out. */
export function styleGroups(styleFlow: StyleFlow): StyleGroup[] {
  const layers = styleFlow[0]?.length ?? 0;
  const rows = Array.from({ length: layers }, (_, layer) => styleFlow.map((step) => step[layer] ?? 0));
  const means = styleMeans(styleFlow);
  return STYLE_GROUPS.flatMap(({ name, from, to }) => {
    const mean = means[name];
    return mean === null ? [] : [{ name, rows: rows.slice(from, to), mean }];
  });
}

/** The largest step of any clip: the common top of the scale. */
export function largestStep(styleFlows: readonly StyleFlow[]): number {
  let top = 0;
  for (const flow of styleFlows) for (const step of flow) for (const value of step) top = Math.max(top, value);
  return top;
}
