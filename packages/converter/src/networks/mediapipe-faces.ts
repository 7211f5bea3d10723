import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cast, constant, multiply, OnnxGraph, reshape, subtract, transpose, type Value } from '@styleflow/onnx';
import { addTflite } from './tflite-graph.js';
import type { TfliteModel } from './tflite-model.js';

/** Points of the face mesh, each x, y and depth. */
const MESH_POINTS = 468;
/** Side of the square picture that the mesh takes. */
const MESH_SIDE = 192;

/** Reads the file of the full-range detector. `folder` is the package that holds it. */
export function readFullRange(folder: string): Promise<Uint8Array> {
  return readFile(join(folder, 'face_detection_full_range.tflite'));
}

/**
 * Reads the face mesh. One file holds it among other files, and the script beside that file names the place of each.
 */
export async function readFaceMesh(folder: string): Promise<Uint8Array> {
  const script = await readFile(join(folder, 'face_mesh_solution_packed_assets_loader.js'), 'utf8');
  const place = /"filename": "[^"]*\/face_landmark\.tflite", "start": (\d+), "end": (\d+)/.exec(script);
  if (place === null) throw new RangeError('the package of the face mesh does not name its file');
  const packed = await readFile(join(folder, 'face_mesh_solution_packed_assets.data'));
  return packed.subarray(Number(place[1]), Number(place[2]));
}

/**
 * The full-range face detector of MediaPipe (Apache-2.0), for pictures of any size.
 *
 * Input `pictures` uint8 [N, H, W, 3]: RGB; H and W are multiples of 32 (192 in the original file).
 * Outputs for each cell of 4 × 4 pixels: `logits` float32 [N, 1, H/4, W/4]; `boxes` float32 [N, 16, H/4, W/4]: centre,
 * size, and six points (viewer-left eye, viewer-right eye, nose, mouth centre, two ears), all in pixels. The centre and
 * the points count from the middle of the cell.
 */
export function fullRangeGraph(model: TfliteModel): OnnxGraph {
  const graph = new OnnxGraph('face-detection-full-range');
  const pictures = graph.input('pictures', 'uint8', ['N', 'H', 'W', 3]);
  const [boxes, logits] = addTflite(graph, model, toPlanes(graph, pictures, -1));
  graph.output('logits', logits as Value);
  graph.output('boxes', boxes as Value);
  return graph;
}

/**
 * The face mesh of MediaPipe (Apache-2.0).
 *
 * Input `faces` uint8 [N, 192, 192, 3]: RGB, the face upright, with a margin of a quarter of its size.
 * Outputs `points` float32 [N, 468, 3]: x, y, depth in pixels of that square; `presence` float32 [N]: the logit of a
 * face being there.
 */
export function faceMeshGraph(model: TfliteModel): OnnxGraph {
  const graph = new OnnxGraph('face-mesh');
  const faces = graph.input('faces', 'uint8', ['N', MESH_SIDE, MESH_SIDE, 3]);
  const [points, presence] = addTflite(graph, model, toPlanes(graph, faces, 0));
  graph.output('points', reshape(graph, points as Value, ['N', MESH_POINTS, 3]));
  graph.output('presence', reshape(graph, presence as Value, ['N']));
  return graph;
}

/** Bytes [N, H, W, 3] to floats [N, 3, H, W], from `lowest` to 1. */
function toPlanes(graph: OnnxGraph, pictures: Value, lowest: number): Value {
  const planes = transpose(graph, pictures, [0, 3, 1, 2]);
  const scaled = multiply(graph, cast(graph, planes, 'float32'), constant(graph, 'per-step', [(1 - lowest) / 255]));
  return lowest === 0 ? scaled : subtract(graph, scaled, constant(graph, 'centre', [-lowest]));
}
