import { type EntryPoint, EntryPoints } from './entry-points.js';
import { type MediaInfo, probedFile } from './media-info.js';
import { readPackets } from './read-packets.js';

/** The pictures of a video by its packets. Nothing of them is decoded. */
export interface PictureList {
  readonly count: number;
  /**
   * Their time stamps in presentation order, in the container's own seconds; null where a packet has none, or where
   * packets are no pictures one by one.
   */
  readonly times: Float64Array | null;
  /** Where reading may begin instead, in a stream that cannot be sought in; none in others. */
  readonly entryPoints: readonly EntryPoint[];
}

/** Four hours at 120 pictures a second are fewer. What lies behind is not listed: 16 MB, whatever the file. */
const MAX_LISTED = 2_000_000;
/** Packets of VP8 may hold a picture that is never shown. */
const HAS_HIDDEN_PICTURES = new Set(['vp8']);
/** Seeking in a program stream lands anywhere, and many of its packets have no time stamp. It can be entered at any pack. */
const CANNOT_SEEK = new Set(['mpeg']);

/** What is recorded from the air or cut by bytes may begin between key frames: those pictures are never decoded. */
const BEGINS_ANYWHERE = new Set(['mpeg', 'mpegts']);

/**
 * Lists the pictures of a video. It reads the whole file.
 * @returns null when it has none.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function listPictures(path: string, info: MediaInfo, signal?: AbortSignal): Promise<PictureList | null> {
  let stamps: number[] = [];
  let entryPoints = new EntryPoints(info.codec);
  let hasBegun = !BEGINS_ANYWHERE.has(info.container);
  const canSeek = !CANNOT_SEEK.has(info.container);
  let count = 0;
  const fields = ['pts_time', 'size', 'pos', 'flags'];
  const onPacket = ([time = '', size = '', position = '', flags = '']: readonly string[]): boolean => {
    if (size === '0' || flags.includes('D')) return true; // Empty, or cut away by an edit list: never shown.
    const [timeStamp, byte, isKey] = [finite(time), finite(position), flags.includes('K')];
    if (isKey && !hasBegun) {
      hasBegun = true;
      [count, stamps, entryPoints] = [0, [], new EntryPoints(info.codec)];
    }
    if (timeStamp !== null) stamps.push(timeStamp);
    if (!canSeek) entryPoints.add(count, { timeStamp, byte, isKey });
    count += 1;
    return count < MAX_LISTED;
  };
  await readPackets(probedFile(path, info), String(info.streamIndex), fields, signal, onPacket);
  if (count === 0) return null;
  const isTimed = stamps.length === count && !HAS_HIDDEN_PICTURES.has(info.codec) && canSeek;
  return { count, times: isTimed ? Float64Array.from(stamps).sort() : null, entryPoints: entryPoints.found };
}

function finite(text: string): number | null {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : null;
}
