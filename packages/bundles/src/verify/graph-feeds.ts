import { basename } from 'node:path';
import { JobError } from '@styleflow/contracts';
import type { Feeds, Tensor } from '@styleflow/inference';
import { readOnnx } from '@styleflow/onnx';
import { builtInClips } from './built-in-clips.js';

/** The built-in clip that graphs are verified with. */
const CLIP_SEED = 1;
/** Far more values than any input of a part has for one clip. */
const MOST_VALUES = 2 ** 26;

/** The input with which every graph that workers run is verified. */
export function clipFeeds(): Feeds {
  return { clips: builtInClips([CLIP_SEED]) };
}

/**
 * Input values for a part. Each of its inputs is filled with a wave in −1..1 that is the same on every machine; lengths
 * that are left open are 1.
 * @throws JobError `bundle_unknown` when an input is no float32 tensor.
 */
export async function partFeeds(path: string): Promise<Feeds> {
  const model = await readOnnx(path);
  try {
    const feeds: Record<string, Tensor> = {};
    for (const { name, type } of model.graph.input) {
      const dims = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
      const lengths = dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 1));
      const count = lengths.reduce((product, length) => product * length, 1);
      if (!(lengths.length > 0 && count >= 1 && count <= MOST_VALUES)) {
        throw new JobError('bundle_unknown', `${basename(path)}: its input ${name} is of no kind that parts have`);
      }
      feeds[name] = { type: 'float32', dims: lengths, data: wave(count) };
    }
    return feeds;
  } finally {
    await model.close();
  }
}

/** A sawtooth whose period is a prime. Unlike a sine it gives the same float32 values on every machine. */
function wave(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * 7919) % 2039) / 1024 - 1);
}
