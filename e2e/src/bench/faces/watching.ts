import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faceNetsDirectory } from '@styleflow/bundles';
import {
  cutFaceClips,
  emptyCutStats,
  type FaceClip,
  type FaceDetector,
  type FaceTrack,
  openFaceDetector,
  stretchFor,
} from '@styleflow/faces';
import { DEFAULT_MEDIA_LIMITS, planWindows, probeVideo, readFrames } from '@styleflow/media';

const VIDEO = /\.(mp4|mkv|webm|avi|mov|gif|ts|mpg|m4v)$/i;
const MAX_FACES = 10;

interface Pass {
  readonly frames: number;
  readonly looks: number;
  readonly cpuMs: number;
  readonly clips: readonly FaceClip[];
  readonly tracks: readonly FaceTrack[];
}

/**
 * Every video of a folder with `dense` and with `adaptive` detection, in turn: whether tracks and clips are the same, how far
 * apart the crops are (mean difference of a clip, 0..255), and what a frame costs the processor without ffmpeg.
 */
export async function benchWatching(
  say: (line: string) => void,
  folder: string,
  maxFrames: number,
): Promise<Record<string, unknown>> {
  const nets = faceNetsDirectory();
  const files = { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') };
  const detector = await openFaceDetector(files, { threads: 1 });
  const differences: { readonly clip: string; readonly difference: number }[] = [];
  const sums = { frames: 0, denseMs: 0, adaptiveMs: 0, same: 0, videos: 0 };
  for (const name of (await readdir(folder)).filter((file) => VIDEO.test(file)).sort()) {
    const dense = await pass(join(folder, name), detector, maxFrames, 'dense');
    const adaptive = await pass(join(folder, name), detector, maxFrames, 'adaptive');
    const isSame = placesOf(dense) === placesOf(adaptive);
    const ofVideo = differencesOf(dense, adaptive);
    differences.push(...ofVideo.map(({ place, difference }) => ({ clip: `${name} ${place}`, difference })));
    sums.frames += dense.frames;
    sums.denseMs += dense.cpuMs;
    sums.adaptiveMs += adaptive.cpuMs;
    sums.videos += 1;
    if (isSame) sums.same += 1;
    const worst = Math.max(0, ...ofVideo.map(({ difference }) => difference));
    const cost = `${(dense.cpuMs / dense.frames).toFixed(1)} to ${(adaptive.cpuMs / dense.frames).toFixed(1)} ms a frame`;
    say(
      `${isSame ? 'same' : 'OTHER TRACKS'}: ${name}, ${cost}, looks ${dense.looks} to ${adaptive.looks}, worst clip ${worst.toFixed(2)}`,
    );
    if (!isSame) say(`  dense ${placesOf(dense)}\n  adaptive ${placesOf(adaptive)}`);
  }
  await detector.release();
  differences.sort((a, b) => b.difference - a.difference);
  const at = (share: number): number =>
    round(differences[Math.floor((differences.length - 1) * (1 - share))]?.difference);
  return {
    videos: sums.videos,
    sameTracks: sums.same,
    clips: differences.length,
    cropDifference: { median: at(0.5), p95: at(0.95), worst: at(1) },
    worstClips: differences.slice(0, 5).map(({ clip, difference }) => `${clip}: ${round(difference)}`),
    cpuMsPerFrame: { dense: round(sums.denseMs / sums.frames), adaptive: round(sums.adaptiveMs / sums.frames) },
  };
}

async function pass(
  path: string,
  detector: FaceDetector,
  maxFrames: number,
  mode: 'dense' | 'adaptive',
): Promise<Pass> {
  const limits = DEFAULT_MEDIA_LIMITS;
  const info = await probeVideo(path, limits);
  const windows = planWindows(info, 'head', maxFrames, limits.maxFrames);
  const stretch = mode === 'adaptive' ? stretchFor(info) : 0;
  const frames = readFrames(path, info, { windows, limits, threads: 1, held: Math.max(1, stretch) });
  const stats = emptyCutStats();
  const clips: FaceClip[] = [];
  const tracks: FaceTrack[] = [];
  const before = process.cpuUsage();
  for await (const found of cutFaceClips(frames, detector, { maxFaces: MAX_FACES, stretch, stats })) {
    if (found.kind === 'clip') clips.push(found);
    else tracks.push(found);
  }
  const { user, system } = process.cpuUsage(before);
  return { frames: stats.frames, looks: stats.looks, cpuMs: (user + system) / 1000, clips, tracks };
}

/** What must not differ: tracks, their first and last frames, and the frames of each clip. */
function placesOf({ tracks, clips }: Pass): string {
  const ofTracks = tracks.map(({ track, frames, clips: count }) => `${track}: ${frames.join('–')}, ${count} clips`);
  const ofClips = clips.map(({ track, index, frames }) => `${track}.${index}: ${frames.join('–')}`);
  return [...ofTracks.sort(), ...ofClips.sort()].join('; ');
}

function differencesOf(dense: Pass, adaptive: Pass): { readonly place: string; readonly difference: number }[] {
  return dense.clips.flatMap(({ track, index, crops }) => {
    const other = adaptive.clips.find((clip) => clip.track === track && clip.index === index)?.crops;
    if (other === undefined) return [];
    let sum = 0;
    for (let i = 0; i < crops.length; i++) sum += Math.abs((crops[i] as number) - (other[i] as number));
    return [{ place: `${track}.${index}`, difference: sum / crops.length }];
  });
}

function round(value = 0): number {
  return Math.round(value * 100) / 100;
}
