import { type Weight, weightOf } from '@styleflow/files';
import type { TfliteTensor } from './tflite-model.js';

/**
 * Channels that the runtime's convolutions compute together, at most (with AVX-512; 8 elsewhere). A value whose channels
 * are no multiple of it leaves their blocked layout and comes back for the next convolution, which took a fifth of the
 * search's time: so channels that are always zero fill it up.
 */
const BLOCK = 16;

export function wholeBlocks(channels: number): number {
  return Math.ceil(channels / BLOCK) * BLOCK;
}

/** One number a channel, the filling's zero. */
export function channelValues({ name, values }: TfliteTensor, channels: number): Float32Array {
  const filled = new Float32Array(channels);
  if ((values?.length ?? 0) > channels) throw new RangeError(`${name} has more than ${channels} values`);
  filled.set(values ?? []);
  return filled;
}

/**
 * A filter [out, rows, columns, in], or depthwise [1, rows, columns, channels], as [`out`, `inPerGroup`, rows, columns] with
 * zeros for the channels of the filling.
 */
export function turnFilter(filter: TfliteTensor, isDepthwise: boolean, out: number, inPerGroup: number): Weight {
  const { shape, values } = filter;
  const [first = 0, rows = 0, columns = 0, last = 0] = shape;
  const hasInputs = isDepthwise ? 1 : last;
  const hasOutputs = isDepthwise ? last : first;
  if (hasOutputs > out || hasInputs > inPerGroup)
    throw new RangeError(`${filter.name} [${shape.join(', ')}] does not give ${out} channels of ${inPerGroup}`);
  const turned = new Float32Array(out * inPerGroup * rows * columns);
  for (let o = 0; o < hasOutputs; o++)
    for (let i = 0; i < hasInputs; i++)
      for (let place = 0; place < rows * columns; place++) {
        const from = isDepthwise ? place * last + o : (o * rows * columns + place) * last + i;
        turned[(o * inPerGroup + i) * rows * columns + place] = values?.[from] ?? 0;
      }
  return weightOf([out, inPerGroup, rows, columns], turned);
}
