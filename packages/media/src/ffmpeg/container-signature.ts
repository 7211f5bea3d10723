/** The demuxers that may run, by ffmpeg's names. Playlists, image readers and raw streams are left out on purpose. */
export type Demuxer = 'mov' | 'matroska' | 'avi' | 'mpegts' | 'mpeg' | 'flv' | 'asf' | 'ogg' | 'gif' | 'mxf' | 'ivf';

/** How many bytes from the beginning of the container `sniffContainer` needs. */
export const SIGNATURE_BYTES = 4096;

const ASCII = new TextDecoder('latin1');
const MOV_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp', 'uuid']);
const TS_SYNC = 0x47;

/**
 * Tells the container by the first bytes, never by the name. The demuxer is then forced on ffmpeg: a text file
 * that is sent as a video can so never be read as a playlist, which could open other files.
 * @returns null for everything that is not one of these containers.
 */
export function sniffContainer(head: Uint8Array): Demuxer | null {
  const text = (start: number, length: number) => ASCII.decode(head.subarray(start, start + length));
  if (head.length < 16) return null;
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return 'matroska';
  if (text(0, 4) === 'RIFF' && text(8, 3) === 'AVI') return 'avi';
  if (text(0, 3) === 'FLV') return 'flv';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif';
  if (text(0, 4) === 'DKIF') return 'ivf';
  if (startsWith(head, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])) return 'asf';
  if (startsWith(head, [0x06, 0x0e, 0x2b, 0x34])) return 'mxf';
  if (startsWith(head, [0x00, 0x00, 0x01, 0xba])) return 'mpeg';
  if (MOV_BOXES.has(text(4, 4)) && isPlausibleBoxSize(head)) return 'mov';
  if (isTransportStream(head)) return 'mpegts';
  return null;
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/**
 * A box of an MP4 file starts with its size: 0 means up to the end of the file, 1 that a 64-bit size follows, else at
 * least 8.
 */
function isPlausibleBoxSize(head: Uint8Array): boolean {
  const size = new DataView(head.buffer, head.byteOffset, 4).getUint32(0);
  return size === 0 || size === 1 || size >= 8;
}

/**
 * Whether sync bytes stand at the beginning of five packets: of 188 bytes, 192 (with time codes) or 204 (with check
 * bytes).
 */
function isTransportStream(head: Uint8Array): boolean {
  for (const packet of [188, 192, 204]) {
    for (let start = 0; start < packet && start + 4 * packet < head.length; start++) {
      if ([0, 1, 2, 3, 4].every((n) => head[start + n * packet] === TS_SYNC)) return true;
    }
  }
  return false;
}
