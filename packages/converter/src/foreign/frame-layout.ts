/** An axis of a foreign model's input: time, colours, rows or columns. `TC` holds time and colours in one axis. */
export type LayoutAxis = 'T' | 'C' | 'H' | 'W' | 'TC';

/** How a foreign model's input is laid out. */
export interface FrameLayout {
  /** Whether the first axis counts pictures or clips. Without it the model takes exactly one in a run. */
  readonly hasBatch: boolean;
  /** Whether the model sees single pictures and scores each. */
  readonly isPerFrame: boolean;
  /** The axes after the batch. */
  readonly axes: readonly LayoutAxis[];
}

export const LAYOUT_RULE =
  'C, H and W in any order, with T for models that see a whole clip ((TC): frames stacked in the channel axis), after N for the batch: NCHW, NHWC, NTCHW, NCTHW, NTHWC, N(TC)HW, TCHW …';

/** Reads a layout such as `NTCHW`; null when the text is none. */
export function parseLayout(text: string): FrameLayout | null {
  const hasBatch = text.startsWith('N');
  const axes: LayoutAxis[] = [];
  for (const [token] of text.slice(hasBatch ? 1 : 0).matchAll(/\(TC\)|./g)) {
    const axis = token === '(TC)' ? 'TC' : token;
    if (!isAxis(axis) || axes.includes(axis)) return null;
    axes.push(axis);
  }
  const letters = axes.join('').split('').sort().join('');
  if (letters !== 'CHW' && letters !== 'CHTW') return null;
  return { hasBatch, isPerFrame: letters === 'CHW', axes };
}

function isAxis(text: string): text is LayoutAxis {
  return text === 'T' || text === 'C' || text === 'H' || text === 'W' || text === 'TC';
}

/** Names of the axes in messages. */
export const AXIS_WORDS: Readonly<Record<LayoutAxis, string>> = {
  T: 'frames',
  C: 'colours',
  H: 'height',
  W: 'width',
  TC: 'frames × colours',
};

/** The length of an axis. */
export function axisLength(axis: LayoutAxis, frames: number, [height, width]: readonly [number, number]): number {
  return { T: frames, C: 3, H: height, W: width, TC: 3 * frames }[axis];
}
