/** Size of the picture that a detector's network sees: [height, width], or `native` for each frame at its own size. */
export type SeenSize = readonly [number, number] | 'native';

/** How a frame lies in the picture that the network sees. */
export interface FrameFit {
  /** Sides of that picture, with what fills it up at the right and below. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the frame to one pixel of the picture. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * How the graph of an imported detector places a frame in its picture. With a fixed size, the frame lies in the upper
 * left corner, as large as fits; its sides are rounded down, so the two scales differ a little. With `native`, it keeps
 * its size, and its sides are filled up to multiples of `unit`. The graph computes the same: `adaptFrame` of the models
 * package.
 */
export function fitFrame(
  size: SeenSize,
  unit: number,
  frame: { readonly width: number; readonly height: number },
): FrameFit {
  const whole = (side: number): number => Math.ceil(side / unit) * unit;
  if (size === 'native') return { width: whole(frame.width), height: whole(frame.height), scaleX: 1, scaleY: 1 };
  const [height, width] = size;
  const within = (side: number, most: number): number => Math.min(Math.max(side, 1), most);
  const shownWidth = within(Math.floor((height * frame.width) / frame.height), width);
  const shownHeight = within(Math.floor((width * frame.height) / frame.width), height);
  return { width, height, scaleX: frame.width / shownWidth, scaleY: frame.height / shownHeight };
}
