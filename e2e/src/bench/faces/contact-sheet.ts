import type { FaceTrack } from '@styleflow/faces';
import sharp from 'sharp';
import { CUT_OUT_SIDE, cutOutKey, type FaceRecord, type Picture, type SeenFrame } from './face-record.js';

/** How many crops are shown of each track. */
const CROPS = 12;
const CROP_SIZE = 256;
const LABEL_HEIGHT = 16;
const FRAME_COLUMNS = 4;

interface Tile {
  readonly left: number;
  readonly top: number;
  readonly picture: Picture;
}

/**
 * Writes a labelled row for each track: aligned crops, spread evenly over its clips; for a track without clips,
 * cut-outs of its detections.
 */
export async function writeTrackSheet(record: FaceRecord, path: string): Promise<void> {
  const rowHeight = CUT_OUT_SIDE + LABEL_HEIGHT;
  const tiles: Tile[] = [];
  const labels: string[] = [];
  for (const [row, track] of record.tracks.entries()) {
    const [first, last] = track.frames;
    const scores = `score ${track.firstDetectionScore.toFixed(2)}, mean ${track.meanDetectionScore.toFixed(2)}`;
    labels.push(
      text(2, row * rowHeight + 12, `track ${track.track}: frames ${first}–${last}, ${track.clips} clips, ${scores}`),
    );
    for (const [column, picture] of (await picturesOf(record, track)).entries()) {
      tiles.push({ left: column * CUT_OUT_SIDE, top: row * rowHeight + LABEL_HEIGHT, picture });
    }
  }
  await writeTiles(tiles, labels, CROPS * CUT_OUT_SIDE, Math.max(1, record.tracks.length) * rowHeight, path);
}

/** Writes whole frames, spread evenly over the video, with the box, score and alignment points of every detection. */
export async function writeFrameSheet(record: FaceRecord, path: string): Promise<void> {
  const { width = 1, height = 1 } = record.pictures[0] ?? {};
  const place = (i: number) => [(i % FRAME_COLUMNS) * width, Math.floor(i / FRAME_COLUMNS) * height] as const;
  const tiles = record.pictures.map((picture, i) => ({ left: place(i)[0], top: place(i)[1], picture }));
  const marks = record.pictures.flatMap((picture, i) => markDetections(picture, place(i)));
  const rows = Math.max(1, Math.ceil(record.pictures.length / FRAME_COLUMNS));
  await writeTiles(tiles, marks, FRAME_COLUMNS * width, rows * height, path);
}

async function picturesOf(record: FaceRecord, track: FaceTrack): Promise<Picture[]> {
  const crops = record.clips
    .filter((clip) => clip.track === track.track)
    .flatMap(({ crops }) => Array.from({ length: 32 }, (_, i) => ({ crops, i })));
  if (crops.length === 0) {
    return evenly(track.boxes, CROPS).flatMap(({ frame, box }) => record.cutOuts.get(cutOutKey(frame, box)) ?? []);
  }
  const bytes = CROP_SIZE * CROP_SIZE * 3;
  return Promise.all(
    evenly(crops, CROPS).map(async ({ crops, i }) => {
      const raw = { width: CROP_SIZE, height: CROP_SIZE, channels: 3 } as const;
      const crop = sharp(crops.subarray(i * bytes, (i + 1) * bytes), { raw });
      const data = await crop.resize(CUT_OUT_SIDE, CUT_OUT_SIDE).raw().toBuffer();
      return { width: CUT_OUT_SIDE, height: CUT_OUT_SIDE, data };
    }),
  );
}

function markDetections({ index, scale, detections }: SeenFrame, [left, top]: readonly [number, number]): string[] {
  const marks = detections.flatMap(({ box, score, landmarks }) => {
    const [x1, y1, x2, y2] = box.map((value) => value * scale) as [number, number, number, number];
    const size = `width="${x2 - x1}" height="${y2 - y1}"`;
    return [
      `<rect x="${left + x1}" y="${top + y1}" ${size} fill="none" stroke="lime"/>`,
      text(left + x1, top + y1 - 2, score.toFixed(2)),
      ...landmarks.map(([x, y]) => `<circle cx="${left + x * scale}" cy="${top + y * scale}" r="1.5" fill="red"/>`),
    ];
  });
  return [text(left + 2, top + 12, `${index}`), ...marks];
}

function text(x: number, y: number, words: string): string {
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="12" fill="yellow">${words}</text>`;
}

async function writeTiles(
  tiles: readonly Tile[],
  marks: readonly string[],
  width: number,
  height: number,
  path: string,
): Promise<void> {
  const layers = tiles.map(({ left, top, picture }) => {
    const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
    return { input: Buffer.from(picture.data), raw, left, top };
  });
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${marks.join('')}</svg>`;
  await sharp({ create: { width, height, channels: 3, background: '#333' } })
    .composite([...layers, { input: Buffer.from(drawing), left: 0, top: 0 }])
    .png()
    .toFile(path);
}

function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.round((i * (all.length - 1)) / (count - 1))] as T);
}
