import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { openPrepareAlone } from './prepare-alone.js';

/** Five clips of one face. */
const FRAMES = 160;
/** Each of both kinds, in turn, so that a busier minute of the machine meets both. */
const ROUNDS = 3;

/** What `options.stability` adds to the preparation of a clip: processor seconds of worker and ffmpeg, beside the same video without it. */
export async function benchStability(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-stability-'));
  try {
    const video = await makeVideo({ frames: FRAMES, size: { width: 1280, height: 720 } });
    const alone = await openPrepareAlone(folder);
    const secondsAClip = async (stability: boolean): Promise<number> => {
      const cost = await alone.costOf(video, { maxFrames: 0, ...(stability && { stability }) });
      if (cost.outcome !== 'prepared') throw new Error(cost.message);
      return (cost.workerCpuSeconds + cost.ffmpegCpuSeconds) / cost.clips;
    };
    await secondsAClip(true);
    const without: number[] = [];
    const withIt: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await secondsAClip(false));
      withIt.push(await secondsAClip(true));
    }
    await alone.close();
    const [plain, all] = [median(without), median(withIt)];
    const figures = { cpuSecondsAClip: { without: plain, with: all, added: all - plain }, ratio: all / plain };
    say(`a clip: ${plain.toFixed(2)} s without, ${all.toFixed(2)} s with its re-encodings`);
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
