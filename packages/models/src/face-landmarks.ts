import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { OnnxGraph, type Value } from './onnx-graph.js';
import { conv2d, linear } from './onnx-layers.js';
import { add, constant, mean, multiply, relu, reshape, subtract, transpose } from './onnx-operators.js';
import { elementCount, type Weight, weightOf } from './weight.js';

/** Side of the square picture that the network takes. */
const SIDE = 112;
/** Mean colour (R, G, B; 0..255) that the network was trained with; the difference is divided by 255. */
const MEAN_RGB = [122.782, 117.001, 104.298];

/** One file of quantised tfjs weights: name, shape and the linear map of its bytes to floats. */
const WeightsManifestSchema = z
  .array(
    z.object({
      paths: z.array(z.string()).length(1),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().positive()),
          dtype: z.literal('float32'),
          quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }),
        }),
      ),
    }),
  )
  .length(1);

/** Tensor name to weight, in the layouts of tfjs (convolution: height, width, in, out). */
export type LandmarkWeights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** Reads a tfjs weights manifest and the file of bytes beside it: value = byte · scale + min. */
export async function readTfjsWeights(manifestPath: string): Promise<LandmarkWeights> {
  const [group] = WeightsManifestSchema.parse(JSON.parse(await readFile(manifestPath, 'utf8')));
  const bytes = await readFile(join(dirname(manifestPath), group?.paths[0] ?? ''));
  const weights = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  let offset = 0;
  for (const { name, shape, quantization } of group?.weights ?? []) {
    const raw = bytes.subarray(offset, offset + elementCount(shape));
    if (raw.length !== elementCount(shape)) throw new RangeError(`the weights file ends inside ${name}`);
    weights.set(name, {
      shape,
      values: Float32Array.from(raw, (byte) => byte * quantization.scale + quantization.min),
    });
    offset += raw.length;
  }
  if (offset !== bytes.length) throw new RangeError(`the weights file has ${bytes.length - offset} bytes too many`);
  return weights;
}

/**
 * The 68-point face landmark network of face-api (`FaceLandmark68Net`): four blocks of depthwise separable convolutions
 * (32, 64, 128, 256 channels, halving the side each time), a 7×7 mean and one linear layer.
 *
 * Input `faces` float32 [N, 112, 112, 3]: RGB, 0..255, the face box resized to a square.
 * Output `landmarks` float32 [N, 68, 2]: x, y relative to that square (0..1 inside it), in the usual 68-point order.
 */
export function landmarkGraph(weights: LandmarkWeights): OnnxGraph {
  const graph = new OnnxGraph('face-landmarks-68');
  const faces = graph.input('faces', 'float32', ['N', SIDE, SIDE, 3]);
  const centred = subtract(graph, faces, constant(graph, 'mean-rgb', MEAN_RGB, [3]));
  const scaled = multiply(graph, centred, constant(graph, 'per-255', [1 / 255]));
  let x = transpose(graph, scaled, [0, 3, 1, 2]);
  for (const block of ['dense0', 'dense1', 'dense2', 'dense3'])
    x = graph.within(block, () => denseBlock(graph, x, weights, block));
  const features = mean(graph, x, [2, 3]);
  const fcWeight = take(weights, 'fc/weights');
  const points = linear(
    graph,
    features,
    graph.weight('fc/weights', weightOf(fcWeight.shape, fcWeight.values)),
    graph.weight('fc/bias', weightOf([fcWeight.shape[1] ?? 0], take(weights, 'fc/bias').values)),
  );
  graph.output('landmarks', reshape(graph, points, ['N', 68, 2]));
  return graph;
}

/** a = relu(conv0 x) at half the side; then three convolutions, each fed by the rectified sum of all before it. */
function denseBlock(graph: OnnxGraph, x: Value, weights: LandmarkWeights, block: string): Value {
  const first = relu(graph, convolve(graph, x, weights, `${block}/conv0`, 2));
  let sum = first;
  let rectified = first;
  for (const conv of ['conv1', 'conv2', 'conv3']) {
    sum = add(graph, sum, convolve(graph, rectified, weights, `${block}/${conv}`, 1));
    rectified = relu(graph, sum);
  }
  return rectified;
}

function convolve(graph: OnnxGraph, x: Value, weights: LandmarkWeights, name: string, stride: 1 | 2): Value {
  const placed = { stride: [stride, stride], pad: [1, 1] } as const;
  const bias = take(weights, `${name}/bias`);
  const biasValue = graph.weight('bias', weightOf(bias.shape, bias.values));
  const full = weights.get(`${name}/filters`);
  if (full) return conv2d(graph, x, graph.weight('filters', toOnnxFilter(full, stride)), biasValue, placed);
  const depthwise = take(weights, `${name}/depthwise_filter`);
  const channels = depthwise.shape[2] ?? 0;
  // A depthwise filter [height, width, channel, 1] is a plain one whose group is the channel.
  const perChannel = { shape: [...depthwise.shape.slice(0, 2), 1, channels], values: depthwise.values };
  const depth = conv2d(graph, x, graph.weight('depthwise', toOnnxFilter(perChannel, stride)), null, {
    ...placed,
    group: channels,
  });
  const pointwise = toOnnxFilter(take(weights, `${name}/pointwise_filter`), 1);
  return conv2d(graph, depth, graph.weight('pointwise', pointwise), biasValue);
}

/**
 * [height, width, in, out] to ONNX's [out, in, height, width]. With stride 2 tfjs pads an even side after its end only;
 * a leading row and column of zeros turns the 3×3 filter into a 4×4 one that does the same with one pad on each side.
 */
function toOnnxFilter({ shape, values }: { shape: readonly number[]; values: Float32Array }, stride: 1 | 2): Weight {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  const lead = stride === 2 ? 1 : 0;
  const filter = new Float32Array((height + lead) * (width + lead) * inputs * outputs);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < outputs; output++) {
          const to = ((output * inputs + input) * (height + lead) + y + lead) * (width + lead) + x + lead;
          filter[to] = values[((y * width + x) * inputs + input) * outputs + output] ?? 0;
        }
  return weightOf([outputs, inputs, height + lead, width + lead], filter);
}

function take(
  weights: LandmarkWeights,
  name: string,
): { readonly shape: readonly number[]; readonly values: Float32Array } {
  const tensor = weights.get(name);
  if (!tensor) throw new RangeError(`the landmark weights have no tensor ${name}`);
  return tensor;
}
