import type { Result } from '@styleflow/contracts';
import { makeVideo } from '@styleflow/testing';
import { startSystem } from '../system/system.js';

/**
 * Runs the same video twice at batch size 1 and twice at 8: tells the largest difference of a clip's logit, and whether
 * repeats are bit-equal.
 */
export async function benchBatchSize(say: (line: string) => void): Promise<Record<string, unknown>> {
  const video = await makeVideo({ people: ['cap12_edit', 'franck'], frames: 288 });
  const runs = new Map<number, number[][]>();
  for (const size of [1, 8]) {
    const system = await startSystem({ STYLEFLOW_MAX_BATCH: String(size), STYLEFLOW_BATCH_WAIT_MS: '4000' });
    try {
      for (let repeat = 0; repeat < 2; repeat += 1) {
        const job = await system.client.submitFile(video, { options: { maxFrames: 288 } });
        await system.client.wait(job.id);
        const result = await system.client.result(job.id);
        const logits = logitsOf(result);
        runs.set(size, [...(runs.get(size) ?? []), logits]);
        say(
          `batch size ${size}, run ${repeat + 1}: ${logits.length} clips, largest tensor batch ${result.model.batchSize}`,
        );
      }
    } finally {
      await system.stop();
    }
  }
  const [one, oneAgain] = runs.get(1) ?? [];
  const [eight, eightAgain] = runs.get(8) ?? [];
  return {
    clips: one?.length,
    largestDifference1to8: largestDifference(one, eight),
    largestDifference1to1: largestDifference(one, oneAgain),
    largestDifference8to8: largestDifference(eight, eightAgain),
  };
}

function logitsOf(result: Result): number[] {
  return result.faces.flatMap((face) => face.clips.map((clip) => clip.logit ?? Number.NaN));
}

function largestDifference(a: number[] | undefined, b: number[] | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length || a.length === 0) return Number.NaN;
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));
}
