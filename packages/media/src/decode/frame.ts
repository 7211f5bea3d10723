/** One decoded picture, as a viewer sees it: upright, square pixels. */
export interface Frame {
  /** 0-based in presentation order. Exact for frames read from the start; in later windows from the time stamp and the average rate. */
  readonly index: number;
  /** From the first frame's time stamp; exact, so a variable frame rate is kept. */
  readonly seconds: number;
  /** Which sampling window it belongs to (0 for the whole video); the frames of a window are consecutive. */
  readonly window: number;
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits each, rows from the top: `3 · width · height` bytes. Overwritten once the next frame is asked for: copy what stays. */
  readonly data: Uint8Array;
}
