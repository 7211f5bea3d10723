import { benchBatchFill } from './batch-fill.js';
import { benchQueueCost } from './queue-cost.js';
import { benchRedisSaturation } from './redis-saturation.js';

/** How the score stage scales, with simulated devices: everything but the device's arithmetic is real. */
export async function benchScale(say: (line: string) => void): Promise<Record<string, unknown>> {
  return {
    cost: await benchQueueCost(say),
    fill: await benchBatchFill(say),
    saturation: await benchRedisSaturation(say),
  };
}
