import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';
import { add, cast, constant, multiply, type OnnxGraph, only, reshape, transpose, type Value } from '@styleflow/onnx';
import { roundedPass, roundToBytes, smoothPass } from '../pictures/pillow-resize.js';
import { nearestIndices, resizeMatrix } from '../pictures/resize-matrix.js';
import { type ClipDescriptor, pickedFrames } from './clip-descriptor.js';
import type { LayoutAxis } from './frame-layout.js';

/** How a foreign model is run. */
export interface RunPlan {
  /**
   * `together`: the model runs once for all pictures of a tensor batch. `in-turn`: a loop inside the graph runs it
   * again and again.
   */
  readonly mode: 'together' | 'in-turn';
  /** Pictures (or clips) of one run when they run in turn; null when the model has no batch axis. */
  readonly rowsPerRun: number | null;
}

/**
 * Adds the nodes that turn `clips` uint8 [B, 32, 256, 256, 3] RGB into a foreign model's input: they pick frames, crop
 * the centre, resize, order the colours, normalise and lay out. All operators used have the same form in every operator
 * set from 9 on.
 * @returns float32 [rows, …layout] for one run; for runs in turn [runs, rowsPerRun, …layout], or [runs, …layout]
 * without a batch axis.
 */
export function adaptClips(graph: OnnxGraph, clips: Value, descriptor: ClipDescriptor, plan: RunPlan): Value {
  const { frames, colour, layout, size } = descriptor;
  const picked = pickedFrames(frames);
  const isAll = picked.length === CLIP_FRAMES && picked.every((frame, index) => frame === index);
  const seen = isAll ? clips : gather(graph, clips, 1, picked);
  const bytes = transpose(graph, reshape(graph, seen, ['N', CLIP_SIZE, CLIP_SIZE, 3]), [0, 3, 1, 2]);
  const ordered = colour === 'BGR' ? gather(graph, bytes, 1, [2, 1, 0]) : bytes;
  const pictures = normalise(graph, resizePictures(graph, ordered, descriptor), descriptor);
  const first = leadingDims(plan, layout.hasBatch);
  if (layout.isPerFrame) {
    const order = layout.axes.map((axis) => 1 + 'CHW'.indexOf(axis));
    return withLeading(graph, transposeUnlessSame(graph, pictures, [0, ...order]), first);
  }
  const stacked = layout.axes.includes('TC');
  const [height, width] = size;
  const clipShape = stacked ? [3 * frames.count, height, width] : [frames.count, 3, height, width];
  const axes: readonly LayoutAxis[] = stacked ? ['TC', 'H', 'W'] : ['T', 'C', 'H', 'W'];
  const order = layout.axes.map((axis) => 1 + axes.indexOf(axis));
  const laidOut = transposeUnlessSame(graph, reshape(graph, pictures, ['clips', ...clipShape]), [0, ...order]);
  return withLeading(graph, laidOut, first);
}

/** Bytes [N, 3, 256, 256] → float32 [N, 3, height, width] in 0..255. */
function resizePictures(graph: OnnxGraph, bytes: Value, { crop, resize, size }: ClipDescriptor): Value {
  const side = Math.max(1, Math.round(crop * CLIP_SIZE));
  const [height, width] = size;
  if (resize === 'nearest' || (height === side && width === side)) {
    const isWhole = side === CLIP_SIZE && height === side && width === side;
    const rows = isWhole ? bytes : gather(graph, bytes, 2, nearestIndices(CLIP_SIZE, side, height));
    const picked = isWhole ? bytes : gather(graph, rows, 3, nearestIndices(CLIP_SIZE, side, width));
    return cast(graph, picked, 'float32');
  }
  const pass = resize === 'bilinear-opencv' ? smoothPass : roundedPass;
  const columns = resizeMatrix(resize, CLIP_SIZE, side, width);
  const rows = resizeMatrix(resize, CLIP_SIZE, side, height);
  const narrow = graph.within('columns', () => pass(graph, cast(graph, bytes, 'float32'), columns, 'columns'));
  const small = graph.within('rows', () => pass(graph, narrow, rows, 'rows'));
  return resize === 'bilinear-opencv' ? roundToBytes(graph, small) : small;
}

/** (scaled − mean) / std as one product and one sum. Each is left out where it would change nothing. */
export function normalise(
  graph: OnnxGraph,
  pictures: Value,
  { scale, mean, std }: Pick<ClipDescriptor, 'scale' | 'mean' | 'std'>,
): Value {
  const [factor, start] = { '0..1': [1 / 255, 0], '0..255': [1, 0], '-1..1': [2 / 255, -1] }[scale] as [number, number];
  const factors = std.map((deviation) => factor / deviation);
  const shifts = std.map((deviation, channel) => (start - (mean[channel] ?? 0)) / deviation);
  const scaled = factors.every((value) => value === 1)
    ? pictures
    : multiply(graph, pictures, constant(graph, 'scale', factors, [3, 1, 1]));
  return shifts.every((value) => value === 0)
    ? scaled
    : add(graph, scaled, constant(graph, 'shift', shifts, [3, 1, 1]));
}

function leadingDims({ mode, rowsPerRun }: RunPlan, hasBatch: boolean): readonly (number | string)[] | null {
  if (mode === 'together') return null;
  return hasBatch && rowsPerRun !== null ? ['runs', rowsPerRun] : null;
}

function withLeading(graph: OnnxGraph, x: Value, first: readonly (number | string)[] | null): Value {
  return first ? reshape(graph, x, [...first, ...x.shape.slice(1)]) : x;
}

function transposeUnlessSame(graph: OnnxGraph, x: Value, order: readonly number[]): Value {
  return order.every((axis, index) => axis === index) ? x : transpose(graph, x, order);
}

export function gather(graph: OnnxGraph, x: Value, axis: number, indices: readonly number[]): Value {
  const shape = x.shape.map((dim, index) => (index === axis ? indices.length : dim));
  return only(graph.node('Gather', [x, graph.integers(indices)], { axis: { int: axis } }, [{ type: x.type, shape }]));
}
