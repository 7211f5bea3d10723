import type { MediaInfo } from './media-info.js';
import { readPackets } from './read-packets.js';

/** The pictures of a video by its packets. Nothing of them is decoded. */
export interface PictureList {
  readonly count: number;
  /**
   * Their time stamps in presentation order, in the container's own seconds; null where a packet has none, or where
   * packets are no pictures one by one.
   */
  readonly times: Float64Array | null;
}

/** Four hours at 120 pictures a second are fewer. What lies behind is not listed: 16 MB, whatever the file. */
const MAX_LISTED = 2_000_000;
/** Packets of VP8 may hold a picture that is never shown. */
const HAS_HIDDEN_PICTURES = new Set(['vp8']);
/** Seeking in a program stream lands anywhere, and its packets seldom have time stamps. */
const CANNOT_SEEK = new Set(['mpeg']);

/**
 * Lists the pictures of a video. It reads the whole file.
 * @returns null when it has none.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function listPictures(path: string, info: MediaInfo, signal?: AbortSignal): Promise<PictureList | null> {
  const file = { path, demuxer: info.container, skipBytes: info.skipBytes, needsDeepAnalysis: info.needsDeepAnalysis };
  const stamps: number[] = [];
  let count = 0;
  const fields = ['pts_time', 'size', 'flags'];
  await readPackets(file, String(info.streamIndex), fields, signal, ([time = '', size = '', flags = '']) => {
    if (size === '0' || flags.includes('D')) return true; // Empty, or cut away by an edit list: never shown.
    count += 1;
    const stamp = Number.parseFloat(time);
    if (Number.isFinite(stamp)) stamps.push(stamp);
    return count < MAX_LISTED;
  });
  if (count === 0) return null;
  const isTimed = stamps.length === count && !HAS_HIDDEN_PICTURES.has(info.codec) && !CANNOT_SEEK.has(info.container);
  return { count, times: isTimed ? Float64Array.from(stamps).sort() : null };
}
