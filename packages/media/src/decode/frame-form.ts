import type { FramePixels } from '../pixels/frame-pixels.js';
import { RgbPixels } from '../pixels/rgb-pixels.js';
import { YuvPixels } from '../pixels/yuv-pixels.js';
import { yuvBytes } from '../pixels/yuv-planes.js';
import type { MediaInfo } from '../probe/media-info.js';
import type { LoggedPicture } from './frame-log.js';
import { isSquare, type PictureForm, pictureFilters } from './picture-filters.js';

/**
 * How ffmpeg hands pixels over: as it decoded them, when that is YUV 4:2:0 of 8 bits and of the shown size, which is half of the bytes
 * and spares it a conversion; else as RGB, converted and scaled by ffmpeg.
 */
export type FrameForm = 'yuv420p' | 'rgb24';

type ShownSize = Pick<MediaInfo, 'width' | 'height'>;

/** The second is an older name of the first with full range. */
const YUV_FORMATS: readonly string[] = ['yuv420p', 'yuvj420p'];

const FORMS: Readonly<Record<FrameForm, PictureForm>> = {
  yuv420p: { format: YUV_FORMATS.join('|'), flags: 'bicubic' },
  rgb24: { format: 'rgb24', flags: 'bicubic' },
};

/** The form to begin with, by what the headers say. */
export function likelyForm(info: MediaInfo): FrameForm {
  const { width, height, storedWidth, storedHeight, pixelFormat } = info;
  const isTurned = info.rotation % 180 !== 0;
  const isScaled = isTurned
    ? width !== storedHeight || height !== storedWidth
    : width !== storedWidth || height !== storedHeight;
  const format = pixelFormat ?? '';
  return isScaled || !isYuv({ format, width, height, pixelShape: 1 }, info) ? 'rgb24' : 'yuv420p';
}

/** ffmpeg's filters, with one that logs each frame as it was decoded. */
export function formFilters(info: MediaInfo, form: FrameForm): string {
  return pictureFilters(info, FORMS[form], 'showinfo=checksum=0,');
}

/** Bytes of a frame in the pipe. */
export function bytesOf({ width, height }: ShownSize, form: FrameForm): number {
  return form === 'yuv420p' ? yuvBytes(width, height) : 3 * width * height;
}

/**
 * @param picture what ffmpeg said of the frame.
 * @returns null when the frame was not such, so that ffmpeg has changed it: it would become another picture than by RGB.
 */
export function readPixels(
  data: Uint8Array,
  shown: ShownSize,
  form: FrameForm,
  picture: LoggedPicture | null,
): FramePixels | null {
  if (form === 'rgb24') return new RgbPixels(shown.width, data);
  if (!picture?.colours || !isYuv(picture, shown)) return null;
  return new YuvPixels({ ...shown, data }, picture.colours);
}

/** With an odd number of rows, ffmpeg smooths colours as it converts, and this does not; with odd columns its `pad` cuts one off. */
function isYuv(picture: Omit<LoggedPicture, 'colours'>, shown: ShownSize): boolean {
  const { width, height } = shown;
  const isShownSize = picture.width === width && picture.height === height && isSquare(picture.pixelShape, shown);
  return YUV_FORMATS.includes(picture.format) && isShownSize && width % 2 === 0 && height % 2 === 0;
}
