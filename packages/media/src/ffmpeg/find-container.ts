import { type Demuxer, SIGNATURE_BYTES, sniffContainer } from './container-signature.js';

/**
 * How many bytes from the beginning of the file `findContainer` needs. MXF allows so much in front of its first key, and
 * the headers of recorders are shorter.
 */
export const SEARCHED_BYTES = 65_536;
/** A signature behind other bytes counts only with so many bytes of its container. */
const SHORTEST_START = 64;

const ZERO = '00';
/** Beginnings of archives, pictures, documents and sounds, in hexadecimal. */
const OTHER_KINDS = [
  '504b0304',
  'ffd8ff',
  '89504e47',
  '25504446',
  '1f8b',
  '52617221',
  '377abcaf',
  '52494646',
  '49492a',
  '664c6143',
];
/** What containers begin with, as a first sieve: RIFF, FLV, OggS, DKIF, Matroska, ASF, MXF, TS, and zeros of MP4 and MPEG. */
const FIRST_BYTES = new Set([0x52, 0x46, 0x4f, 0x44, 0x1a, 0x30, 0x06, 0x47, 0]);

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

function isOfAnotherKind(head: Uint8Array): boolean {
  const start = hex(head.subarray(0, 16));
  if (OTHER_KINDS.some((kind) => start.startsWith(kind))) return true;
  // Text of any kind: a vendor's header has bytes that no text has.
  return head.subarray(0, 256).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}

/** Whether more than a few bytes speak for it: among 65,000 places four bytes alone may look like a container by chance. */
function isCertain(demuxer: Demuxer, rest: Uint8Array): boolean {
  const bytes = hex(rest.subarray(0, SHORTEST_START));
  const has = (text: string, at: number) => bytes.startsWith(hex(Buffer.from(text, 'latin1')), 2 * at);
  switch (demuxer) {
    case 'mov':
      return bytes.startsWith(ZERO + ZERO) && (has('ftyp', 4) || (has('moov', 4) && has('mvhd', 12)));
    case 'matroska':
      return bytes.includes(hex(Buffer.from('matroska'))) || bytes.includes(hex(Buffer.from('webm')));
    case 'avi':
      return has('LIST', 12);
    case 'flv':
      return bytes.startsWith('01', 6) && bytes.startsWith('00000009', 10);
    case 'ogg':
      return bytes.startsWith('0002', 8);
    case 'ivf':
      return bytes.startsWith('00002000', 8);
    case 'gif':
      return false; // Six bytes; no recorder makes them.
    case 'mpeg':
      // A pack header of MPEG-2 or MPEG-1, then the start code of a system header, a map or a video packet.
      return /^000001ba(?:[4-7].|2[13579bdf])(?:..){7,14}000001(?:bb|bc|e.)/.test(bytes);
    case 'asf':
    case 'mxf':
    case 'mpegts':
      return true;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
