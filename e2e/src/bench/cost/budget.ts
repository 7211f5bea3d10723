import { join } from 'node:path';
import { faceNetsDirectory, untrainedBundleDirectory } from '@styleflow/bundles';
import { CLIP_BYTES, encodeClip } from '@styleflow/clips';
import { encodeStrip, type FaceDetector, openFaceDetector } from '@styleflow/faces';
import { type BudgetRow, budgetRow, budgetTable } from './budget-table.js';
import { countMultiplyAdds } from './count-multiply-adds.js';
import { ownMsEach } from './cpu-cost.js';
import { measureFaces } from './face-cost.js';
import { measureGemmRate } from './gemm-rate.js';
import { type HeldVideo, holdFrames, measureCopy, measureMedia } from './media-cost.js';
import { measureNetwork, type NetworkCost } from './network-cost.js';
import { spreadOf } from './spread.js';

/** Three clips of a face. */
const DEFAULT_FRAMES = 96;

export interface BudgetChoice {
  /** A folder; without it the untrained bundle of the demo. */
  readonly bundle?: string | undefined;
  /** So many frames from the beginning; 0 means 96. Fewer where they would not fit into 512 MB. */
  readonly maxFrames: number;
  readonly rounds: number;
}

/** CPU milliseconds by name, one round. */
type Round = Readonly<Record<string, number>>;

/**
 * What each step costs the processor for a frame or a clip, on one thread, beside what it cannot be cheaper than, measured in the same
 * run: ffmpeg alone, a pipe alone, the runtime's own pace of multiply-adds, a copy in memory. Medians over the rounds, in each of
 * which everything is measured once.
 */
export async function benchBudget(
  say: (line: string) => void,
  path: string,
  { bundle, maxFrames, rounds }: BudgetChoice,
): Promise<Record<string, unknown>> {
  const nets = faceNetsDirectory();
  const files = { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') };
  const detector = await openFaceDetector(files, { threads: 1 });
  try {
    const video = await holdFrames(path, maxFrames || DEFAULT_FRAMES);
    const { width, height } = video.info;
    say(`${video.frames.length} frames of ${width}×${height}, held in memory`);
    const measured: Round[] = [];
    // The first round warms everything up.
    for (let round = 0; round <= rounds; round += 1) {
      const costs = await measureRound(video, detector);
      if (round > 0) measured.push(costs);
      say(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`);
    }
    const network = await measureNetwork(bundle ?? untrainedBundleDirectory(), rounds);
    const meshMultiplyAdds = await countMultiplyAdds(files.faceMesh, { N: 1 });
    const steps = rowsOf(measured, network, meshMultiplyAdds);
    if (measured[0]?.encode === undefined) say('no clip was cut: its encoding and strip are not measured');
    for (const line of budgetTable(steps)) say(line);
    const { matricesMs, convolutionMs } = mediansOf(measured);
    return {
      frames: video.frames.length,
      size: `${width}×${height}`,
      bundle: network.bundle,
      multiplyAddsPerClip: network.multiplyAdds,
      cpuMsPerBillionMultiplyAdds: { matrices: matricesMs, convolution: convolutionMs },
      steps,
    };
  } finally {
    await detector.release();
  }
}

async function measureRound(video: HeldVideo, detector: FaceDetector): Promise<Round> {
  const media = await measureMedia(video);
  const dense = await measureFaces(video, detector, 'dense');
  const adaptive = await measureFaces(video, detector, 'adaptive');
  const { crops } = dense;
  const gemm = await measureGemmRate();
  return {
    ...media,
    denseDetect: dense.detect,
    denseCut: dense.cut,
    denseLooks: dense.looks,
    adaptiveDetect: adaptive.detect,
    adaptiveCut: adaptive.cut,
    adaptiveLooks: adaptive.looks,
    ...(crops && {
      encode: await ownMsEach(3, async () => void (await encodeClip(crops))),
      strip: await ownMsEach(3, async () => void (await encodeStrip(crops))),
    }),
    frameCopy: await measureCopy(video.info.width * video.info.height * 3),
    clipCopy: await measureCopy(CLIP_BYTES),
    matricesMs: gemm.matricesMsPerBillion,
    convolutionMs: gemm.convolutionMsPerBillion,
    bestMs: gemm.bestMsPerBillion,
  };
}

function mediansOf(rounds: readonly Round[]): Round {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, spreadOf(rounds.map((of) => of[name] ?? Number.NaN)).median]));
}

function rowsOf(rounds: readonly Round[], network: NetworkCost, meshMultiplyAdds: number | null): BudgetRow[] {
  const medians = mediansOf(rounds);
  const ms = (name: string): number => medians[name] ?? Number.NaN;
  const arithmetic = (multiplyAdds: number | null): number | null =>
    multiplyAdds === null ? null : (multiplyAdds / 1e9) * ms('bestMs');
  const ofLooks = (looks: string): number | null => {
    const one = arithmetic(meshMultiplyAdds);
    return one === null ? null : one * ms(looks);
  };
  const mesh = 'multiply-adds of the mesh alone, one face a look';
  const isCut = medians.encode !== undefined;
  return [
    budgetRow('decode, by ffmpeg', 'frame', ms('decode'), ['ffmpeg -f null', ms('plainDecode')]),
    budgetRow('reading the pipe', 'frame', ms('read'), ['the same bytes of a pipe, thrown away', ms('plainRead')]),
    budgetRow('search and mesh, dense', 'frame', ms('denseDetect'), [mesh, ofLooks('denseLooks')]),
    budgetRow('search and mesh, adaptive', 'frame', ms('adaptiveDetect'), [mesh, ofLooks('adaptiveLooks')]),
    budgetRow('track, align, warp, dense', 'frame', ms('denseCut'), ['a copy of the frame', ms('frameCopy')]),
    budgetRow('track, align, warp, adaptive', 'frame', ms('adaptiveCut'), ['a copy of the frame', ms('frameCopy')]),
    ...(isCut
      ? [
          budgetRow('clip encode', 'clip', ms('encode'), ['a copy of the clip', ms('clipCopy')]),
          budgetRow('strip', 'clip', ms('strip'), ['a copy of the clip', ms('clipCopy')]),
        ]
      : []),
    budgetRow('network, one thread', 'clip', spreadOf(network.rounds).median, [
      'its multiply-adds as large products',
      arithmetic(network.multiplyAdds),
    ]),
  ];
}
