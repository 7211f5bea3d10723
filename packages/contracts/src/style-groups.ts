/** Layers that carry the same kind of thing; the bounds are those of StyleGAN's paper, counted from 0, the end left out. */
export const STYLE_GROUPS = [
  { name: 'coarse', from: 0, to: 4 },
  { name: 'middle', from: 4, to: 8 },
  { name: 'fine', from: 8, to: 18 },
] as const;

export type StyleGroupName = (typeof STYLE_GROUPS)[number]['name'];

/** The style flow of a clip by groups: of each the mean over its layers and all steps; null of a group without layers. */
export type StyleMeans = Readonly<Record<StyleGroupName, number | null>>;

/** @param styleFlow steps × layers, as a clip's score has it. */
export function styleMeans(styleFlow: readonly (readonly number[])[]): StyleMeans {
  const means = { coarse: null, middle: null, fine: null } as Record<StyleGroupName, number | null>;
  for (const { name, from, to } of STYLE_GROUPS) {
    const values = styleFlow.flatMap((step) => step.slice(from, to));
    if (values.length > 0) means[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return means;
}
