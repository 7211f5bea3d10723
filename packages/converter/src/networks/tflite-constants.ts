import { type Weight, weightOf } from '@styleflow/files';
import type { TfliteTensor } from './tflite-model.js';

/**
 * The runtime's convolutions compute at most this many channels together (16 with AVX-512, 8 elsewhere). A value whose
 * channels are no multiple of it loses the runtime's blocked layout and regains it for the next convolution, which
 * takes time (README "The face networks"). So its channels are filled up with zeros.
 */
const BLOCK = 16;

export function wholeBlocks(channels: number): number {
  return Math.ceil(channels / BLOCK) * BLOCK;
}

/** One number for each channel; 0 for the channels that fill up. */
export function channelValues({ name, values }: TfliteTensor, channels: number): Float32Array {
  const filled = new Float32Array(channels);
  if ((values?.length ?? 0) > channels) throw new RangeError(`${name} has more than ${channels} values`);
  filled.set(values ?? []);
  return filled;
}

/**
 * A filter [out, rows, columns, in], or a depthwise one [1, rows, columns, channels], as [`out`, `inPerGroup`, rows,
 * columns]. The channels that fill up get zeros.
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
