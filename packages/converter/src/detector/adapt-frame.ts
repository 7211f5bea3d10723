import {
  add,
  cast,
  concat,
  constant,
  multiply,
  type OnnxGraph,
  only,
  reshape,
  subtract,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { gather, normalise } from '../foreign/adapt-clips.js';
import type { DetectorDescriptor } from './detector-descriptor.js';
import type { SeenSize } from './detector-ports.js';

/** The first operator set in which Pad takes its widths, and Resize its sizes, as tensors. */
export const OLDEST_DETECTOR_OPSET = 11;
/** The first operator set in which Resize needs no scales beside the sizes. */
const OPTIONAL_SCALES_OPSET = 13;

interface Sides {
  readonly height: Value;
  readonly width: Value;
}

/**
 * Adds the nodes that turn one frame, `pictures` uint8 [1, H, W, 3] RGB, into a detector's input, float32 [1, 3,
 * height, width]. With a given size the frame is resized to fit and put into the upper left corner: the aspect is kept,
 * sides round down to at least one pixel, and the resize is bilinear without antialiasing, like `cv2.resize`. A
 * `native` frame keeps its size. The rest at the right and below is `pad`, up to the size or to whole cells of the
 * largest stride. `fitFrame` of the faces package computes the way back and must agree with this.
 */
export function adaptFrame(
  graph: OnnxGraph,
  pictures: Value,
  descriptor: DetectorDescriptor,
  size: SeenSize,
  opset: number,
): Value {
  const shape = only(graph.node('Shape', [pictures], {}, [{ type: 'int64', shape: [4] }]));
  const frame = { height: gather(graph, shape, 0, [1]), width: gather(graph, shape, 0, [2]) };
  const unit = Math.max(...descriptor.strides);
  const shown = size === 'native' ? frame : fitted(graph, frame, size);
  const whole =
    size === 'native'
      ? { height: roundUp(graph, frame.height, unit), width: roundUp(graph, frame.width, unit) }
      : { height: graph.integers([size[0]]), width: graph.integers([size[1]]) };
  // Cast before the resize: on bytes the runtime cuts fractions off instead of rounding.
  const values = cast(graph, pictures, 'float32');
  const resized = size === 'native' ? values : resize(graph, values, shown, opset);
  const planes = transpose(graph, resized, [0, 3, 1, 2]);
  const padded = padBelow(graph, planes, shown, whole, descriptor.pad);
  const known = size === 'native' ? padded : reshape(graph, padded, [1, 3, ...size]);
  const ordered = descriptor.colour === 'BGR' ? gather(graph, known, 1, [2, 1, 0]) : known;
  return normalise(graph, ordered, descriptor);
}

/** The largest sides of the frame's aspect that fit into the size, computed in whole numbers throughout. */
function fitted(graph: OnnxGraph, { height, width }: Sides, [most, widest]: readonly [number, number]): Sides {
  const share = (of: number, a: Value, b: Value) => divide(graph, multiply(graph, graph.integers([of]), a), b);
  return {
    height: within(graph, share(widest, height, width), most),
    width: within(graph, share(most, width, height), widest),
  };
}

/**
 * `x` limited to 1 … `most`. The limits are applied to floats, which hold such numbers exactly, because Min takes no
 * integers in older operator sets.
 */
function within(graph: OnnxGraph, x: Value, most: number): Value {
  const number = cast(graph, x, 'float32');
  const least = only(graph.node('Max', [number, constant(graph, 'least', [1])], {}, [number]));
  const limited = only(graph.node('Min', [least, constant(graph, 'most', [most])], {}, [number]));
  return cast(graph, limited, 'int64');
}

function roundUp(graph: OnnxGraph, x: Value, unit: number): Value {
  const cells = divide(graph, add(graph, x, graph.integers([unit - 1])), graph.integers([unit]));
  return multiply(graph, cells, graph.integers([unit]));
}

function divide(graph: OnnxGraph, a: Value, b: Value): Value {
  return only(graph.node('Div', [a, b], {}, [a]));
}

/** [1, H, W, 3] → [1, height, width, 3]. */
function resize(graph: OnnxGraph, x: Value, { height, width }: Sides, opset: number): Value {
  const sizes = concat(graph, [graph.integers([1]), height, width, graph.integers([3])], 0);
  const isOptional = opset >= OPTIONAL_SCALES_OPSET;
  const scales = isOptional
    ? [null, null]
    : [constant(graph, 'no-region', [], [0]), constant(graph, 'no-scales', [], [0])];
  const attributes = { mode: { text: 'linear' }, coordinate_transformation_mode: { text: 'half_pixel' } };
  return only(graph.node('Resize', [x, ...scales, sizes], attributes, [{ type: x.type, shape: [1, 'h', 'w', 3] }]));
}

/** [1, 3, h, w] → [1, 3, height, width], filled to the right and below. */
function padBelow(graph: OnnxGraph, x: Value, from: Sides, to: Sides, fill: number): Value {
  const none = graph.integers([0, 0, 0, 0, 0, 0]);
  const below = subtract(graph, to.height, from.height);
  const right = subtract(graph, to.width, from.width);
  const pads = concat(graph, [none, below, right], 0);
  const inputs = [x, pads, constant(graph, 'fill', [fill])];
  return only(graph.node('Pad', inputs, {}, [{ type: x.type, shape: [1, 3, 'rows', 'columns'] }]));
}
