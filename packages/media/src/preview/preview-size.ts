/** Of the picture's shorter side, in pixels. */
const MAX_SHORT_SIDE = 360;

/** The size of a preview: of the shown picture's shape, never larger than it, and even, as its encoder wants it. */
export function previewSize({ width, height }: { readonly width: number; readonly height: number }): {
  width: number;
  height: number;
} {
  const factor = Math.min(1, MAX_SHORT_SIDE / Math.min(width, height));
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * factor) / 2));
  return { width: even(width), height: even(height) };
}
