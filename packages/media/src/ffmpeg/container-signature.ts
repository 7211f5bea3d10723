/** The demuxers that may run, by ffmpeg's names. Playlists, image readers and raw streams are left out on purpose. */
export type Demuxer = 'mov' | 'matroska' | 'avi' | 'mpegts' | 'mpeg' | 'flv' | 'asf' | 'ogg' | 'gif' | 'mxf' | 'ivf';

/**
 * How many bytes from the beginning of the file `findContainer` needs. MXF allows so much in front of its first key, and
 * the headers of recorders are shorter.
 */
export const SEARCHED_BYTES = 65_536;
/** Signatures lie at the beginning of so many bytes. */
const SIGNATURE_BYTES = 4096;

const ASCII = new TextDecoder('latin1');
const MOV_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp', 'uuid']);
const TS_SYNC = 0x47;

/** Where the container begins, and its demuxer. */
export interface FoundContainer {
  readonly demuxer: Demuxer;
  /** Bytes in front of it, as recorders of cameras put their own headers there. */
  readonly skipBytes: number;
}

/**
 * The container at the beginning of the file or, behind a vendor's header, within its first 64 KiB. What begins as a file
 * of another kind is none, even when it holds a video.
 * @returns null for everything else.
 */
export function findContainer(head: Uint8Array): FoundContainer | null {
  const demuxer = sniffContainer(head.subarray(0, SIGNATURE_BYTES));
  if (demuxer !== null) return { demuxer, skipBytes: 0 };
  if (isOfAnotherKind(head)) return null;
  for (let at = 1; at + SHORTEST_START <= head.length; at++) {
    if (!FIRST_BYTES.has(head[at] ?? 0)) continue;
    const rest = head.subarray(at, at + SIGNATURE_BYTES);
    const inner = sniffContainer(rest);
    if (inner !== null && isCertain(inner, rest)) return { demuxer: inner, skipBytes: at };
  }
  return null;
}

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

/** A signature behind other bytes counts only with so many bytes of its container. */
const SHORTEST_START = 64;
/** Beginnings of archives, pictures, documents, pages and playlists. */
const OTHER_KINDS = [
  'PK\x03\x04',
  '\xff\xd8\xff',
  '\x89PNG',
  '%PDF',
  '\x1f\x8b',
  'Rar!',
  '7z\xbc\xaf',
  'RIFF',
  'II*',
  'fLaC',
];
/** What containers begin with, as a first sieve: RIFF, FLV, OggS, DKIF, Matroska, ASF, MXF, TS, and zeros of MP4 and MPEG. */
const FIRST_BYTES = new Set([0x52, 0x46, 0x4f, 0x44, 0x1a, 0x30, 0x06, 0x47, 0]);

function isOfAnotherKind(head: Uint8Array): boolean {
  const start = latin1(head.subarray(0, 16));
  if (OTHER_KINDS.some((kind) => start.startsWith(kind))) return true;
  // Text of any kind: a vendor's header has bytes that no text has.
  return head.subarray(0, 256).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}

/** A character for each byte, of the same number. (TextDecoder's latin1 is another alphabet from 0x80 to 0x9f.) */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Whether more than a few bytes speak for it: among 65,000 places four bytes alone may look like a container by chance. */
function isCertain(demuxer: Demuxer, rest: Uint8Array): boolean {
  const text = latin1(rest.subarray(0, SHORTEST_START));
  switch (demuxer) {
    case 'mov':
      return /^\0\0[\s\S]{2}(ftyp[ -~]{4}|moov\0[\s\S]{3}mvhd)/.test(text);
    case 'matroska':
      return /matroska|webm/.test(text);
    case 'avi':
      return text.slice(12, 16) === 'LIST';
    case 'flv':
      return /^FLV\x01[\x00-\x05]\0\0\0\x09/.test(text);
    case 'ogg':
      return text.startsWith('OggS\0\x02');
    case 'ivf':
      return text.startsWith('DKIF\0\0\x20\0');
    case 'gif':
      return false; // Six bytes; no recorder makes them.
    case 'mpeg':
      return /^\0\0\x01\xba[\x40-\x7f\x21][\s\S]{7,9}/.test(text) && /\0\0\x01[\xbb\xbc\xe0-\xef]/.test(text.slice(12));
    case 'asf':
    case 'mxf':
    case 'mpegts':
      return true;
  }
}
