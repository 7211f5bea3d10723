import { type Frame, RgbPixels, rgbOf } from '@styleflow/media';

/** A frame with its RGB at hand, rows from the top: `3 · width · height` bytes. */
export interface RgbFrame extends Frame {
  readonly data: Uint8Array;
}

/** A frame of these pixels. */
export function rgbFrame(frame: Omit<Frame, 'pixels'>, data: Uint8Array): RgbFrame {
  return { ...frame, data, pixels: new RgbPixels(frame.width, data) };
}

/** The same frame in memory of its own, its RGB at hand. */
export function heldFrame(frame: Frame): RgbFrame {
  return rgbFrame(frame, rgbOf(frame));
}
