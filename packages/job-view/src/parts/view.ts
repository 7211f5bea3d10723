import { digitsApart, printTime } from '@styleflow/runtime/print-numbers';
import type { VerdictKind } from '../facts/verdict-facts.js';
import type { ClipDetails, ViewedJob, ViewedResult } from '../facts/viewed-job.js';
import type { Words } from '../words/words.js';

/**
 * Where pictures come from: addresses of the API, or parts of the page itself. Null: it is not there any more; undefined: it was not
 * fetched yet, and its place is kept.
 */
export interface PictureSource {
  clip(track: number, clip: number): string | null | undefined;
  frame(frame: number): string | null | undefined;
}

/** A clip by its place. */
export interface ClipPlace {
  readonly track: number;
  readonly clip: number;
}

/** What all parts of the view read. */
export interface View {
  readonly words: Words;
  readonly job: ViewedJob;
  readonly result: ViewedResult;
  readonly kind: VerdictKind;
  readonly pictures: PictureSource;
  readonly details: (place: ClipPlace) => ClipDetails | undefined;
  readonly onSelect?: ((place: ClipPlace) => void) | undefined;
}

/** Two decimals, as people read a score; more where rounding would hide on which side of `beside` it lies. */
export function printScore({ number }: Words, score: number, beside = score): string {
  return number(score, digitsApart(score, beside));
}

/** `0:03.7`, with the language's decimal sign. */
export function printSeconds({ seconds }: Words, value: number): string {
  return seconds(printTime(value));
}

/** The name under which links of the page reach a clip. */
export function clipAnchor({ track, clip }: ClipPlace): string {
  return `clip-${track}-${clip}`;
}

/** The clip of such a name; null of any other name. */
export function clipOfAnchor(anchor: string): ClipPlace | null {
  const [, track, clip] = /^clip-(\d+)-(\d+)$/.exec(anchor) ?? [];
  return track === undefined || clip === undefined ? null : { track: Number(track), clip: Number(clip) };
}

/** `23 November 2026, 21:04 UTC` from an ISO time. */
export function printDate({ dayFormat, date }: Words, iso: string): string {
  return date(dayFormat.format(new Date(iso)), iso.slice(11, 16));
}

/** `1.4 MB`, in powers of ten. */
export function printBytes({ number }: Words, bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${power === 0 ? bytes : number(bytes / 1000 ** power, 1)} ${units[power]}`;
}

/** `Face 1, Face 3`. */
export function faceNames({ face }: Words, tracks: readonly number[]): string {
  return tracks.map((track) => face(track + 1)).join(', ');
}
