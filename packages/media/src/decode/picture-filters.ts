import type { MediaInfo } from '../probe/media-info.js';
import type { Rotation } from '../probe/orientation.js';

const TURN: Record<Rotation, string> = { 0: '', 90: 'transpose=clock,', 180: 'hflip,vflip,', 270: 'transpose=cclock,' };
/** Mirrored left to right, then turned: two of these are one step of `transpose`. */
const MIRROR_AND_TURN: Record<Rotation, string> = {
  0: 'hflip,',
  90: 'transpose=clock_flip,',
  180: 'vflip,',
  270: 'transpose=cclock_flip,',
};

/** The shape of the shown picture, from the frame's own size and its pixels' shape. Absurd pixels count as square. */
const SHAPE = 'if(between(sar,0.125,8),dar,a)';
/** A shape that differs by less than this is the same one, up to the rounding of sizes. */
const SAME_SHAPE = 0.01;

/** Whether pixels of this shape (width by height) count as square in a picture of this size, so that it is not scaled for it. */
export function isSquare(shape: number, { width, height }: Pick<MediaInfo, 'width' | 'height'>): boolean {
  const isAbsurd = !(shape >= 0.125 && shape <= 8);
  return isAbsurd || Math.abs(shape - 1) < toleranceFor(width, height);
}

function toleranceFor(width: number, height: number): number {
  return Math.max(SAME_SHAPE, 1 / Math.min(width, height));
}

export interface PictureForm {
  /** Pixel formats, of which the first that needs no conversion is taken. */
  readonly format: string;
  /** How the scaler samples. */
  readonly flags: 'bicubic' | 'bilinear';
}

/**
 * ffmpeg's filters from a stored picture to a shown one: upright, square pixels, of the size in `info`. A stream that
 * changes its size or the shape of its pixels midway is scaled anew: a picture of another shape is fitted inside, in the
 * middle of black, so that a face keeps its proportions.
 * @param before another filter, with a comma behind it, which sees pictures as they were decoded, but upright.
 */
export function pictureFilters(
  { rotation, isMirrored, width, height }: Pick<MediaInfo, 'rotation' | 'isMirrored' | 'width' | 'height'>,
  { format, flags }: PictureForm,
  before = '',
): string {
  const tolerance = toleranceFor(width, height);
  const fitted = (whole: number, other: string): string =>
    `'if(lt(abs(${SHAPE}*${height}/${width}-1),${tolerance}),${whole},max(1,min(${whole},round(${other}))))'`;
  const upright = (isMirrored ? MIRROR_AND_TURN : TURN)[rotation];
  const w = fitted(width, `${height}*${SHAPE}`);
  const h = fitted(height, `${width}/${SHAPE}`);
  return [
    `${upright}${before}scale=w=${w}:h=${h}:eval=frame:flags=${flags}`,
    `format=${format}`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:eval=frame`,
  ].join(',');
}
