import type { Result } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { expect, it } from 'vitest';
import { readStyleMeans } from './read-style-means.js';

const { signal } = new AbortController();
const flow = (value: number): number[][] => [new Array<number>(18).fill(value)];

/** A result with so many clips of one face; those of `flows` hold their style flow. */
function resultOf(clips: number, flows: readonly number[][][] = [], variant = 'style-content'): Result {
  const each = (index: number) => ({ index, logit: 1, ...(flows[index] && { styleFlow: flows[index] }) });
  return {
    model: { variant },
    faces: [{ track: 3, clips: Array.from({ length: clips }, (_, n) => each(n)) }],
  } as never;
}

const never = {
  clipDetails: async (): Promise<never> => {
    throw new Error('nothing is to be fetched');
  },
};

it('what the result holds is not fetched', async () => {
  const means = await readStyleMeans(never, 'job', resultOf(2, [flow(1), flow(2)]), signal);
  expect(means?.map(({ fine }) => fine)).toEqual([1, 2]);
});

it('of a long video sixteen clips are fetched, spread evenly, and those that are gone are left out', async () => {
  const asked: number[] = [];
  const client = {
    clipDetails: async (_job: string, track: number, clip: number) => {
      expect(track).toBe(3);
      asked.push(clip);
      if (clip > 900) throw new JobError('gone', 'deleted');
      return { styleFlow: flow(clip) } as never;
    },
  };
  const means = await readStyleMeans(client, 'job', resultOf(1000), signal);
  expect([asked.length, asked[0], asked.at(-1)]).toEqual([16, 31, 968]);
  expect(means).toHaveLength(14);
});

it('a bundle without a style branch has none', async () => {
  expect(await readStyleMeans(never, 'job', resultOf(2, [], 'content'), signal)).toBeUndefined();
});
