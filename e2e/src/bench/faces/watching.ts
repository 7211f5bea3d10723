import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faceNetsDirectory } from '@styleflow/bundles';
import { openFaceDetector } from '@styleflow/faces';
import { openCropScorer } from './crop-scorer.js';
import { pairsOf, placesOf, watchVideo } from './watch-video.js';

const VIDEO = /\.(mp4|mkv|webm|avi|mov|gif|ts|mpg|m4v)$/i;

export interface WatchingOptions {
  /** Of each video; 0: all. */
  readonly maxFrames: number;
  /** Scores the crops of both, too. */
  readonly bundle?: string | undefined;
}

interface Difference {
  /** Track and index of the clip. */
  readonly place: string;
  /** Mean of the absolute differences of the crops, 0..255. */
  readonly crops: number;
  /** Of the logits, where a bundle scores them. */
  readonly logit: number | null;
}

/**
 * Every video of a folder with `dense` and with `adaptive` detection, in turn: whether tracks and clips are the same, how far
 * apart the crops are (mean difference of a clip, 0..255) and their logits by a bundle, and what a frame costs the processor
 * without ffmpeg.
 */
export async function benchWatching(
  say: (line: string) => void,
  folder: string,
  { maxFrames, bundle }: WatchingOptions,
): Promise<Record<string, unknown>> {
  const nets = faceNetsDirectory();
  const files = { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') };
  const detector = await openFaceDetector(files, { threads: 1 });
  const scorer = bundle === undefined ? null : await openCropScorer(bundle);
  const differences: (Difference & { readonly video: string })[] = [];
  const sums = { frames: 0, denseMs: 0, adaptiveMs: 0, same: 0, videos: 0 };
  for (const name of (await readdir(folder)).filter((file) => VIDEO.test(file)).sort()) {
    const dense = await watchVideo(join(folder, name), detector, maxFrames, 'dense');
    const adaptive = await watchVideo(join(folder, name), detector, maxFrames, 'adaptive');
    const isSame = placesOf(dense) === placesOf(adaptive);
    const ofVideo: Difference[] = [];
    for (const pair of pairsOf(dense, adaptive)) {
      const logit = scorer && Math.abs((await scorer.logit(pair.dense)) - (await scorer.logit(pair.adaptive)));
      ofVideo.push({ place: pair.place, crops: meanDifference(pair.dense, pair.adaptive), logit });
    }
    differences.push(...ofVideo.map((difference) => ({ video: name, ...difference })));
    sums.frames += dense.frames;
    sums.denseMs += dense.cpuMs;
    sums.adaptiveMs += adaptive.cpuMs;
    sums.videos += 1;
    if (isSame) sums.same += 1;
    const worst = Math.max(0, ...ofVideo.map(({ crops }) => crops));
    const worstLogit = Math.max(0, ...ofVideo.map(({ logit }) => logit ?? 0));
    const cost = `${(dense.cpuMs / dense.frames).toFixed(1)} to ${(adaptive.cpuMs / dense.frames).toFixed(1)} ms a frame`;
    say(
      `${isSame ? 'same' : 'OTHER TRACKS'}: ${name}, ${cost}, looks ${dense.looks} to ${adaptive.looks}, worst clip ${worst.toFixed(2)}${scorer ? `, worst logit ${worstLogit.toFixed(5)}` : ''}`,
    );
    if (!isSame) say(`  dense ${placesOf(dense)}\n  adaptive ${placesOf(adaptive)}`);
  }
  await detector.release();
  await scorer?.release();
  return {
    videos: sums.videos,
    sameTracks: sums.same,
    clips: differences.length,
    cropDifference: spread(differences.map(({ crops }) => crops)),
    ...(scorer && { logitDifference: spread(differences.map(({ logit }) => logit ?? Number.NaN)) }),
    worstClips: differences
      .sort((a, b) => b.crops - a.crops)
      .slice(0, 5)
      .map(
        ({ video, place, crops, logit }) =>
          `${video} ${place}: ${round(crops)}${logit === null ? '' : `, logit ${logit.toPrecision(2)}`}`,
      ),
    cpuMsPerFrame: { dense: round(sums.denseMs / sums.frames), adaptive: round(sums.adaptiveMs / sums.frames) },
  };
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length;
}

function spread(values: readonly number[]): Record<'median' | 'p95' | 'p99' | 'worst', number> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toPrecision(3));
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) };
}

function round(value = 0): number {
  return Math.round(value * 100) / 100;
}
