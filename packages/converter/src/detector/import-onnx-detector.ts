import { join } from 'node:path';
import { DETECTOR_FOLDER, HEADS_GRAPH, type HeadsManifest } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { assertReplaceable, WEIGHTS_FILE } from '@styleflow/files';
import { readOnnx, streamPieces, writeStream } from '@styleflow/onnx';
import { ExternalWeights } from '../foreign/external-weights.js';
import { foreignSource } from '../foreign/foreign-source.js';
import { prepareModel } from '../foreign/prepare-model.js';
import { OLDEST_DETECTOR_OPSET } from './adapt-frame.js';
import { composeDetector } from './compose-detector.js';
import { readDetectorDescriptor } from './detector-descriptor.js';
import { findDetectorPorts } from './detector-ports.js';
import { tryDetector } from './try-detector.js';
import { type DetectorPlace, type WrittenDetector, writeDetector } from './write-detector.js';

export interface ImportOnnxDetectorOptions extends DetectorPlace {
  /** A YuNet or SCRFD in ONNX. */
  readonly model: string;
  /** Path of the JSON descriptor. */
  readonly descriptor: string;
}

export interface ImportedOnnxDetector extends WrittenDetector<HeadsManifest> {
  /** Findings that look odd but may be intended. */
  readonly notes: readonly string[];
}

/**
 * Makes a face detector's folder from a foreign ONNX model. Nodes before the model let it take a frame as it is
 * decoded. The detector runs on made pictures before the folder appears, whole or not at all. It replaces the same
 * detector; another one only when the caller says so.
 * @throws JobError `invalid_request` that says what the model has and what the descriptor expects; nothing is left
 * behind.
 */
export async function importOnnxDetector(options: ImportOnnxDetectorOptions): Promise<ImportedOnnxDetector> {
  const descriptor = await readDetectorDescriptor(options.descriptor);
  const { directory, mayReplaceOther = false } = options;
  const origin = { traits: { kind: descriptor.family } };
  await assertReplaceable(directory, { kind: DETECTOR_FOLDER, origin, mayReplaceOther });
  const model = await readOnnx(options.model);
  const outside = new ExternalWeights(options.model);
  try {
    const prepared = await prepareModel(model, {
      findPorts: (opened) => findDetectorPorts(opened, descriptor),
      outside,
      dataFile: WEIGHTS_FILE,
      oldestOpset: OLDEST_DETECTOR_OPSET,
    });
    const source = await foreignSource(options.model, outside);
    const { size } = prepared.ports;
    const { family: kind, thresholds, strides, anchors, scoreKind, pad, colour, scale, mean, std } = descriptor;
    const seen = size === 'native' ? size : ([...size] as [number, number]);
    const network = { size: seen, strides, anchors, scoreKind, pad, colour, scale, mean: [...mean], std: [...std] };
    let notes: readonly string[] | undefined;
    const written = await writeDetector<HeadsManifest>(options, { kind, source }, async (fresh) => {
      const weights =
        prepared.data.length > 0
          ? { [WEIGHTS_FILE]: await writeStream(join(fresh, WEIGHTS_FILE), streamPieces(prepared.data)) }
          : {};
      const path = join(fresh, HEADS_GRAPH);
      const digest = await writeStream(path, streamPieces(await composeDetector(prepared, descriptor)));
      notes = await tryDetector(path, prepared.ports, descriptor);
      return { thresholds, network, graph: HEADS_GRAPH, files: { [HEADS_GRAPH]: digest, ...weights } };
    });
    if (!notes) throw new JobError('internal', `the detector in ${directory} was not tried`);
    return { ...written, notes };
  } finally {
    await outside.close();
    await model.close();
  }
}
