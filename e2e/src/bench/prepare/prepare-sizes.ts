import { makeVideo, type Recording, type VideoRecipe } from '@styleflow/testing';
import { megabytes } from '../peak-memory.js';
import { type MeasuredPrepare, prepareOnce } from './prepare.js';

/** Which videos are prepared: each number of frames with each number of faces in each size. */
export interface PrepareSizes {
  readonly frames: readonly number[];
  readonly faces: readonly number[];
  /** Heights of pictures of 16:9. */
  readonly sizes: readonly number[];
  readonly detections: readonly string[];
}

/** One face is that of the first; more of them are theirs in turn, so that neighbours differ. */
const PEOPLE: readonly Recording[] = ['cap12_edit', 'cap13_edit2', 'franck'];

/**
 * Runs the prepare stage on made videos, one after the other, each of them whole and in a process of its own: what a frame takes,
 * and how much memory worker and ffmpeg have at most. Says how many faces a frame were found of those that were put in.
 */
export async function benchPrepareSizes(
  say: (line: string) => void,
  sizes: PrepareSizes,
): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const frames of sizes.frames)
    for (const height of sizes.sizes)
      for (const faces of sizes.faces)
        for (const detection of sizes.detections) {
          const name = `${frames} frames · ${faces} ${faces === 1 ? 'face' : 'faces'} · ${height}p · ${detection}`;
          const video = await makeVideo(recipeOf(frames, faces, height));
          const row = rowOf(await prepareOnce(video, { maxFrames: 0, sampling: 'head', detection }));
          rows[name] = row;
          say(
            `${name}: ${Object.entries(row)
              .map(([figure, value]) => `${figure} ${value}`)
              .join(', ')}`,
          );
        }
  return rows;
}

function recipeOf(frames: number, faces: number, height: number): VideoRecipe {
  const people = Array.from({ length: faces }, (_, n) => PEOPLE[n % PEOPLE.length] ?? 'cap12_edit');
  return { frames, people, inGrid: true, size: { width: 2 * Math.round((height * 8) / 9), height } };
}

function rowOf({ cost, peakMegabytes, peaks }: MeasuredPrepare): Record<string, number | string> {
  if (cost.outcome === 'refused') return { outcome: cost.code, peakMegabytes };
  const { frames, wallSeconds, workerCpuSeconds, ffmpegCpuSeconds, facesDetected, tracks, clips } = cost;
  const aFrame = (seconds: number): number => Number(((seconds * 1000) / frames).toFixed(1));
  return {
    framesDecoded: frames,
    facesFoundAFrame: Number((facesDetected / frames).toFixed(2)),
    tracks: tracks.length,
    clips,
    cpuMs: aFrame(workerCpuSeconds + ffmpegCpuSeconds),
    workerMs: aFrame(workerCpuSeconds),
    ffmpegMs: aFrame(ffmpegCpuSeconds),
    wallMs: aFrame(wallSeconds),
    peakMegabytes,
    workerMegabytes: megabytes(peaks.own),
    ffmpegMegabytes: megabytes(peaks.descendants),
  };
}
