import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faceNetsDirectory } from '@styleflow/bundles';
import { cutFaceClips, type FaceDetector, openFaceDetector } from '@styleflow/faces';
import { DEFAULT_MEDIA_LIMITS, planWindows, probeVideo, readFrames } from '@styleflow/media';
import { writeFrameSheet, writeTrackSheet } from './contact-sheet.js';
import { readExpectedFaces } from './expected-faces.js';
import { FaceRecord } from './face-record.js';

const VIDEO = /\.(mp4|mkv|webm|avi|mov|gif|ts|mpg|m4v)$/i;
/** Most frames of a track without a face. A shorter track makes no clip, so it does no harm. */
const MAX_FALSE_FRAMES = 16;
const MAX_FACES = 10;

/**
 * Runs detection and tracking on every video of a folder. Reports a row for each video (found tracks, and expected ones
 * if the folder's `INDEX.tsv` says so), and writes two pictures to judge it by eye: `NAME.tracks.png` and
 * `NAME.frames.png` in `out`.
 */
export async function benchFaces(
  say: (line: string) => void,
  folder: string,
  out: string,
): Promise<Record<string, unknown>> {
  const expected = await readExpectedFaces(folder);
  await mkdir(out, { recursive: true });
  const nets = faceNetsDirectory();
  const files = { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') };
  const detector = await openFaceDetector(files, { threads: 1 });
  const rows: Record<string, unknown> = {};
  say(`sheets in ${out}`);
  say('expected found over16 | frames withFace inTracks longest | ms/frame score | video');
  for (const name of (await readdir(folder)).filter((file) => VIDEO.test(file)).sort()) {
    const row = await judge(join(folder, name), detector, join(out, name), expected.get(name) ?? null).catch(
      (error: unknown) => ({ error: String(error) }),
    );
    rows[name] = row;
    say(`${Object.values(row).join(' ')} | ${name}`);
  }
  await detector.release();
  return rows;
}

async function judge(video: string, detector: FaceDetector, sheets: string, expected: number | null) {
  const limits = DEFAULT_MEDIA_LIMITS;
  const info = await probeVideo(video, limits);
  const windows = planWindows(info, 'head', 0, limits.maxFrames);
  const record = new FaceRecord();
  const frames = readFrames(video, info, { windows, limits, threads: 1 });
  for await (const found of cutFaceClips(frames, record.watch(detector), { maxFaces: MAX_FACES })) {
    if (found.kind === 'clip') record.clips.push(found);
    else record.tracks.push(found);
  }
  record.tracks.sort((a, b) => a.track - b.track);
  await writeTrackSheet(record, `${sheets}.tracks.png`);
  await writeFrameSheet(record, `${sheets}.frames.png`);
  const lengths = record.tracks.map(({ frameCount }) => frameCount);
  const scores = record.tracks.map(({ meanDetectionScore }) => meanDetectionScore);
  return {
    expected,
    found: record.tracks.length,
    longTracks: lengths.filter((length) => length > MAX_FALSE_FRAMES).length,
    frames: record.frames,
    framesWithDetection: record.framesWithFace,
    trackFrames: lengths.reduce((sum, length) => sum + length, 0),
    longest: Math.max(0, ...lengths),
    detectMsPerFrame: Number(((1000 * record.detectSeconds) / record.frames).toFixed(1)),
    lowestMeanScore: scores.length === 0 ? null : Number(Math.min(...scores).toFixed(2)),
  };
}
