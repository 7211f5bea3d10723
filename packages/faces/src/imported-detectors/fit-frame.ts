/** What a detector's network sees: [height, width], or each frame at its own size. */
export type SeenSize = readonly [number, number] | 'native';

/** A frame's place in the picture that the network sees. */
export interface FrameFit {
  /** Of that picture, its filling to the right and below included. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the frame to one pixel of the picture. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * How the graph of an imported detector shows a frame: in the upper left corner, as large as fits with its aspect kept
 * (sides rounded down, so the two scales differ a little), or natively with its sides filled up to whole cells of `unit`.
 * The same arithmetic as `adaptFrame` of the models package.
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
