import { readFile, writeFile } from 'node:fs/promises';

/**
 * Bytes from the start of a version-0 `tkhd` box to its matrix (ISO/IEC 14496-12, 8.3.2): header, times, ids, layer,
 * volume.
 */
const MATRIX_OFFSET = 48;
const ONE = 0x10000;

/** The numbers a b c d of the display matrix, for clockwise turns. */
const TURNS = { 0: [ONE, 0, 0, ONE], 90: [0, ONE, -ONE, 0], 180: [-ONE, 0, 0, -ONE], 270: [0, -ONE, ONE, 0] } as const;

/**
 * Marks the first track of an mp4 or mov file as turned clockwise, as a phone does, if need be mirrored left to right
 * before. The mark is written into the file's
 * own box, because the effect of ffmpeg's `rotate` tag differs between its versions.
 */
export async function turnVideo(path: string, degrees: 0 | 90 | 180 | 270, isMirrored = false): Promise<void> {
  const file = await readFile(path);
  const box = file.indexOf('tkhd') - 4;
  if (box < 0 || file[box + 8] !== 0) throw new Error(`${path} has no track header of version 0`);
  const matrix = box + MATRIX_OFFSET;
  const [a, b, c, d] = TURNS[degrees];
  const sign = isMirrored ? -1 : 1;
  for (const [place, value] of [sign * a, sign * b, 0, c, d, 0].entries()) file.writeInt32BE(value, matrix + 4 * place);
  await writeFile(path, file);
}
