import { type Dim, ELEMENT_BYTES, type NodeProto, type OnnxGraph, type Value } from '@styleflow/onnx';
import { CLIP_FRAMES } from '../networks/content.js';
import { runOrder } from './run-order.js';

/** Operators whose output is their input's memory under another shape. */
const VIEWS = new Set(['Reshape', 'Identity']);

/**
 * Channels that convolutions of the CPU provider keep side by side (16 with AVX-512, 8 with AVX2); what is missing to a
 * whole block is filled up. An input of fewer channels is read as it is.
 */
const CHANNEL_BLOCK = 16;

/**
 * Memory taken for each byte that is alive at the peak. The runtime's arena gives nothing back, joins no two of its regions
 * and puts a value into the smallest gap that holds it, so places that earlier layers have left stay empty. Measured on the
 * CPU provider of ONNX Runtime 1.30 (`npm run bench -- clip-memory`, `-- full-size-models`): 1.2 to 1.62 over the networks at
 * their published sizes, an eighth of them and the untrained bundle, batches of 1 to 4.
 */
const ARENA_OVERHEAD = 1.65;

/**
 * Estimates the memory that each further clip of a tensor batch takes while the graph runs, in bytes, beside the weights:
 * an upper bound for the CPU provider in float32. What a card takes on top is the worker's business.
 *
 * It is the largest sum of values alive at once, in the runtime's order of nodes, with the copies that convolutions make: they
 * read and write a layout of their own on the CPU, and cuDNN has work space of that order. Most of it are one or two maps of
 * the first layers, however many layers follow.
 */
export function activationBytesPerClip(graph: OnnxGraph): number {
  return Math.ceil(ARENA_OVERHEAD * peakBytes(graph));
}

function peakBytes(graph: OnnxGraph): number {
  const order = runOrder(graph).flatMap((index) => graph.nodes[index] ?? []);
  const values = new Map(graph.values.map((value) => [value.name, value]));
  const folded = foldedValues(graph, order);
  const owner = new Map<string, string>();
  const root = (name: string): string => owner.get(name) ?? name;
  const bytesOf = (name: string): number => {
    const value = values.get(root(name));
    return value && !folded.has(value.name) ? byteLength(value) : 0;
  };
  const lastUse = new Map<string, number>();
  for (const [step, { opType, input, output }] of order.entries()) {
    const [from, to] = [input[0], output[0]];
    if (VIEWS.has(opType) && from !== undefined && to !== undefined) owner.set(to, root(from));
    for (const name of [...input, ...output]) lastUse.set(root(name), step);
  }
  const living = new Set<string>();
  let alive = 0;
  let peak = 0;
  for (const [step, { opType, input, output }] of order.entries()) {
    for (const name of [...input, ...output].map(root)) {
      if (living.has(name)) continue;
      living.add(name);
      alive += bytesOf(name);
    }
    peak = Math.max(peak, alive);
    const [read, written] = [values.get(input[0] ?? ''), values.get(output[0] ?? '')];
    if (opType === 'Conv' && read && written) {
      const staying = lastUse.get(root(read.name)) === step ? 0 : byteLength(read);
      const others = alive - byteLength(read) - byteLength(written);
      peak = Math.max(peak, others + convolutionBytes(read, written, staying));
    }
    if (opType === 'Concat')
      peak = Math.max(peak, alive + copiedBytes(input.flatMap((name) => values.get(name) ?? [])));
    for (const name of living) {
      if (lastUse.get(name) !== step) continue;
      living.delete(name);
      alive -= bytesOf(name);
    }
  }
  return peak;
}

/** What follows from weights alone is computed when the graph is loaded and taken once: halves brought to float32. */
function foldedValues({ initializers }: OnnxGraph, order: readonly NodeProto[]): ReadonlySet<string> {
  const known = new Set(['', ...initializers.map(({ name }) => name)]);
  for (const { input, output } of order) {
    if (input.every((name) => known.has(name))) for (const name of output) known.add(name);
  }
  return known;
}

/**
 * A convolution copies its input into its layout, convolves, and copies the result back; each copy goes when the next step
 * has read it. `staying`: of the input as it came, what later nodes read.
 */
function convolutionBytes(read: Value, written: Value, staying: number): number {
  const isCopied = typeof read.shape[1] === 'number' && read.shape[1] >= CHANNEL_BLOCK;
  const copyIn = isCopied ? byteLength(inBlocks(read)) : 0;
  const input = byteLength(read);
  const copyOut = byteLength(inBlocks(written));
  return Math.max(
    input + copyIn,
    (isCopied ? copyIn + staying : input) + copyOut,
    staying + copyOut + byteLength(written),
  );
}

/** Maps to be joined come out of convolutions, in their layout, and are copied back first. */
function copiedBytes(parts: readonly Value[]): number {
  return parts.filter(({ shape }) => shape.length === 4).reduce((sum, part) => sum + byteLength(inBlocks(part)), 0);
}

function inBlocks({ shape: [batch = 1, channels = 1, ...rest], ...value }: Value): Value {
  const whole = typeof channels === 'number' ? Math.ceil(channels / CHANNEL_BLOCK) * CHANNEL_BLOCK : channels;
  return { ...value, shape: [batch, whole, ...rest] };
}

/** Of one clip: `B` is 1, the pictures `N` of a clip are its frames. */
function byteLength({ type, shape }: Value): number {
  const length = (dim: Dim): number => (typeof dim === 'number' ? dim : dim === 'N' ? CLIP_FRAMES : 1);
  const elements = shape.reduce((product: number, dim) => product * length(dim), 1);
  return elements * ELEMENT_BYTES[type];
}
