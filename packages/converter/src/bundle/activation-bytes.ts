import { type Dim, ELEMENT_BYTES, type NodeProto, type OnnxGraph, type Value } from '@styleflow/onnx';
import { CLIP_FRAMES } from '../networks/content.js';
import { runOrder } from './run-order.js';

/** Operators that give the memory of their input another shape and take none for their output. */
const VIEWS = new Set(['Reshape', 'Identity']);

/**
 * The CPU provider's convolutions keep this many channels side by side (16 with AVX-512, 8 with AVX2) and fill the last
 * block up. They read an input of fewer channels as it is.
 */
const CHANNEL_BLOCK = 16;

/**
 * The runtime takes this many bytes for each byte that is alive at the peak. Its arena gives nothing back, never joins
 * two of its regions and puts a value into the smallest gap that holds it, so gaps that earlier layers left stay empty.
 * On the CPU provider of ONNX Runtime 1.30 it took 1.2 to 1.62 bytes, over the networks at their published sizes, an
 * eighth of them and the untrained bundle, in batches of 1 to 4 (`npm run bench -- clip-memory`, `npm run bench --
 * full-size-models`).
 */
const ARENA_OVERHEAD = 1.65;

/**
 * Estimates the memory that each further clip of a tensor batch takes while the graph runs, in bytes, without the
 * weights. It is an upper bound for the CPU provider in float32; the worker accounts for what a card takes on top.
 *
 * The estimate is the largest sum of values that are alive at once, in the runtime's order of nodes. It includes the
 * copies that convolutions make: on the CPU they read and write a layout of their own, and cuDNN's work space is about
 * as large. One or two maps of the first layers make up most of the sum, however many layers follow.
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

/**
 * Names of the values that follow from weights alone (halves cast to float32): the runtime computes them once, when it
 * loads the graph, so no clip takes memory for them.
 */
function foldedValues({ initializers }: OnnxGraph, order: readonly NodeProto[]): ReadonlySet<string> {
  const known = new Set(['', ...initializers.map(({ name }) => name)]);
  for (const { input, output } of order) {
    if (input.every((name) => known.has(name))) for (const name of output) known.add(name);
  }
  return known;
}

/**
 * Most bytes that are alive around one convolution. It copies its input into its own layout, convolves, and copies the
 * result back; each copy is freed once the next step has read it. `staying` is what remains of the uncopied input,
 * because later nodes read it.
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

/**
 * Bytes of the copies that a Concat needs: convolutions give its parts in their own layout, so each part is copied back
 * first.
 */
function copiedBytes(parts: readonly Value[]): number {
  return parts.filter(({ shape }) => shape.length === 4).reduce((sum, part) => sum + byteLength(inBlocks(part)), 0);
}

function inBlocks({ shape: [batch = 1, channels = 1, ...rest], ...value }: Value): Value {
  const whole = typeof channels === 'number' ? Math.ceil(channels / CHANNEL_BLOCK) * CHANNEL_BLOCK : channels;
  return { ...value, shape: [batch, whole, ...rest] };
}

/** The bytes of a value for one clip: its batch `B` is 1, and its pictures `N` are the frames of a clip. */
function byteLength({ type, shape }: Value): number {
  const length = (dim: Dim): number => (typeof dim === 'number' ? dim : dim === 'N' ? CLIP_FRAMES : 1);
  const elements = shape.reduce((product: number, dim) => product * length(dim), 1);
  return elements * ELEMENT_BYTES[type];
}
