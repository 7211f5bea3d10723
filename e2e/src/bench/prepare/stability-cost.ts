import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { h264Encoder } from '@styleflow/media';
import { makeVideo } from '@styleflow/testing';
import { openPrepareAlone } from './prepare-alone.js';

/** Five clips of one face. */
const FRAMES = 160;
/** Each of both kinds, in turn, so that a busier minute of the machine meets both. */
const ROUNDS = 5;

interface ClipCost {
  /** Processor seconds a clip. */
  readonly worker: number;
  readonly ffmpeg: number;
}

/**
 * What `options.stability` adds to the preparation of a clip: processor seconds of worker and ffmpeg, beside the same video without it, and
 * the ratio of each pair, measured one after the other.
 */
export async function benchStability(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-stability-'));
  try {
    const video = await makeVideo({ frames: FRAMES, size: { width: 1280, height: 720 } });
    const alone = await openPrepareAlone(folder);
    const costOf = async (stability: boolean): Promise<ClipCost> => {
      const cost = await alone.costOf(video, { maxFrames: 0, ...(stability && { stability }) });
      if (cost.outcome !== 'prepared') throw new Error(cost.message);
      return { worker: cost.workerCpuSeconds / cost.clips, ffmpeg: cost.ffmpegCpuSeconds / cost.clips };
    };
    // Whatever is loaded or made once.
    await costOf(true);
    const rounds: { readonly without: ClipCost; readonly with: ClipCost; readonly ratio: number }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const pair = { without: await costOf(false), with: await costOf(true) };
      const ratio = total(pair.with) / total(pair.without);
      rounds.push({ ...pair, ratio });
      say(
        `round ${round} of ${ROUNDS}: ${words(pair.without)} without, ${words(pair.with)} with; ratio ${ratio.toFixed(2)}`,
      );
    }
    await alone.close();
    const ratios = rounds.map(({ ratio }) => ratio);
    const added = {
      worker: median(rounds.map((pair) => pair.with.worker - pair.without.worker)),
      ffmpeg: median(rounds.map((pair) => pair.with.ffmpeg - pair.without.ffmpeg)),
    };
    const ratio = { median: median(ratios), from: Math.min(...ratios), to: Math.max(...ratios) };
    const encoder = await h264Encoder();
    say(
      `preparing a clip costs ${ratio.median.toFixed(2)} times as much with its re-encodings (${ratio.from.toFixed(2)} to ${ratio.to.toFixed(2)}), ${words(added)} more, by ${encoder}; scoring it costs three times as much, as it is three clips`,
    );
    return { cpuSecondsAClip: { rounds, added }, ratio, encoder };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const total = ({ worker, ffmpeg }: ClipCost): number => worker + ffmpeg;
const words = (cost: ClipCost): string =>
  `${total(cost).toFixed(2)} s of CPU a clip (worker ${cost.worker.toFixed(2)}, ffmpeg ${cost.ffmpeg.toFixed(2)})`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
