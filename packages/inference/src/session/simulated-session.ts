import { setTimeout as wait } from 'node:timers/promises';
import { JobError } from '@styleflow/contracts/errors';
import type { CostModel } from './cost-model.js';
import type { InferenceSession, Tensor } from './session.js';

/** How many bytes of a clip its made-up logit depends on: enough to distinguish clips, too few to take time. */
const SAMPLED_BYTES = 64;

/**
 * A device that computes nothing and only takes time, for load tests without cards. Each run takes as long as the cost
 * model says and uses no processor. Its logits (−2..2) depend on the clip's bytes alone and mean nothing.
 */
export function openSimulatedSession(cost: CostModel): InferenceSession {
  return {
    inputNames: ['clips'],
    outputNames: ['logit'],
    provider: 'simulated',
    placement: null,
    run: async ({ clips }) => {
      if (!clips) throw new JobError('inference_failed', 'the simulated device wants clips', { retryable: false });
      const [batch = 0] = clips.dims;
      await wait(cost.runMs + batch * cost.clipMs);
      return { logit: madeUpLogits(clips, batch) };
    },
    release: async () => {},
  };
}

function madeUpLogits({ data }: Tensor, batch: number): Tensor {
  const length = data.length / batch;
  const logits = Float32Array.from({ length: batch }, (_, clip) => {
    let sum = 0;
    for (let i = 0; i < SAMPLED_BYTES; i++) {
      sum += Number(data[clip * length + Math.floor((i * length) / SAMPLED_BYTES)] ?? 0);
    }
    return (sum / (SAMPLED_BYTES * 255)) * 4 - 2;
  });
  return { type: 'float32', dims: [batch], data: logits };
}
