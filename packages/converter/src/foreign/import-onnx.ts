import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { checkpointError, fileDigest, WEIGHTS_FILE } from '@styleflow/files';
import { readOnnx, streamPieces, writeStream } from '@styleflow/onnx';
import { GRAPH_FILE, placeBundle, type WrittenBundle } from '../bundle/write-bundle.js';
import type { RunPlan } from './adapt-clips.js';
import { type ClipDescriptor, readClipDescriptor } from './clip-descriptor.js';
import { composeModel } from './compose-graphs.js';
import { ExternalWeights } from './external-weights.js';
import { findPorts } from './foreign-ports.js';
import { foreignSource } from './foreign-source.js';
import { judgeOutput } from './judge-output.js';
import { type PreparedModel, prepareModel } from './prepare-model.js';
import { withTrialSession } from './trial-session.js';

export interface ImportOnnxOptions {
  readonly model: string;
  /** Path of the JSON descriptor. */
  readonly descriptor: string;
  /** The bundle's folder. */
  readonly directory: string;
  /** Also replace another bundle there. A bundle of the same name from the same files is replaced in any case. */
  readonly mayReplaceOther?: boolean | undefined;
  /** The bundle's name; it goes before the descriptor's own. */
  readonly name?: string | undefined;
  /** The bundle's name when neither the option nor the descriptor gives one. */
  readonly fallbackName: string;
  /** False keeps the bundle from calling a video fake or real, whatever the descriptor says. */
  readonly trained: boolean;
}

export interface ImportedOnnx extends WrittenBundle {
  /** `together`: the model runs once for a tensor batch. `in-turn`: it runs again and again inside the graph. */
  readonly runs: RunPlan['mode'];
  /** Of the built-in clip, as the bundle's own graph gives it on the CPU. */
  readonly logit: number;
  /** Findings that look odd but may be intended. */
  readonly notes: readonly string[];
}

interface Trial {
  readonly runs: RunPlan['mode'];
  readonly logit: number;
  readonly notes: readonly string[];
  readonly bytesPerClip: number;
}

const DESCRIPTOR_FILE = 'descriptor.json';
const PROBE_FILE = 'probe.onnx';
/**
 * Largest allowed difference between a clip's logit alone and in a batch, relative to the logit where that is above 1.
 */
const LARGEST_BATCH_DIFFERENCE = { fp32: 1e-4, fp16: 2e-2 } as const;

/**
 * Makes a bundle of variant `custom` from any ONNX clip classifier. Its graph is put between our nodes, so that it
 * takes bytes and gives a logit as every bundle does. The result runs on built-in clips before it moves to its place.
 * @throws JobError `invalid_request` that says what the model wants and what the descriptor says; nothing is left
 * behind.
 */
export async function importOnnx(options: ImportOnnxOptions): Promise<ImportedOnnx> {
  const descriptor = await readClipDescriptor(options.descriptor);
  const model = await readOnnx(options.model);
  const outside = new ExternalWeights(options.model);
  try {
    const prepared = await prepareModel(model, {
      findPorts: (opened) => findPorts(opened, descriptor),
      outside,
      dataFile: WEIGHTS_FILE,
    });
    const source = await foreignSource(options.model, outside);
    const { threshold, calibration } = descriptor;
    const facts = {
      name: options.name ?? descriptor.name ?? options.fallbackName,
      variant: 'custom' as const,
      trained: options.trained && descriptor.trained,
      precision: prepared.isHalf ? ('fp16' as const) : ('fp32' as const),
      threshold,
      calibration,
      source,
      createdAt: new Date(),
    };
    let trial: Trial | undefined;
    const fill = async (fresh: string) => {
      const files: Record<string, string> = {};
      if (prepared.data.length > 0) {
        files[WEIGHTS_FILE] = await writeStream(join(fresh, WEIGHTS_FILE), streamPieces(prepared.data));
      }
      trial = await writeFitting(fresh, prepared, descriptor, files);
      files[DESCRIPTOR_FILE] = await writeDescriptor(fresh, descriptor);
      return { files, bytesPerClip: trial.bytesPerClip };
    };
    const { mayReplaceOther } = options;
    const written = await placeBundle(options.directory, facts, fill, { mayReplaceOther });
    if (!trial) throw new JobError('internal', `the bundle in ${options.directory} was not tried`);
    const { runs, logit, notes } = trial;
    return { ...written, runs, logit, notes };
  } finally {
    await outside.close();
    await model.close();
  }
}

/** Writes the graph with the first plan with which the model runs. */
async function writeFitting(
  fresh: string,
  model: PreparedModel,
  descriptor: ClipDescriptor,
  files: Record<string, string>,
): Promise<Trial> {
  let refusal: unknown;
  for (const plan of model.ports.plans) {
    try {
      const { digest, ...trial } = await writeAndTry(fresh, model, descriptor, plan);
      files[GRAPH_FILE] = digest;
      return trial;
    } catch (error) {
      if (!(error instanceof JobError) || error.code !== 'invalid_request') throw error;
      refusal = error;
      await rm(join(fresh, GRAPH_FILE), { force: true });
    }
  }
  throw refusal;
}

async function writeAndTry(fresh: string, model: PreparedModel, descriptor: ClipDescriptor, plan: RunPlan) {
  const { fit } = model.ports;
  const probe = await composeModel(model, descriptor, plan, { asProbe: true });
  const probePath = join(fresh, PROBE_FILE);
  let notes: string[];
  let grownBytes: number;
  try {
    await writeStream(probePath, streamPieces(probe.pieces));
    const raw = await withTrialSession({ path: probePath, outputName: 'raw', fit }, ({ run }) => run([0]));
    notes = judgeOutput(raw.output, descriptor, plan.mode);
    grownBytes = raw.grownBytes;
  } finally {
    await rm(probePath, { force: true });
  }
  const whole = await composeModel(model, descriptor, plan, { asProbe: false });
  const path = join(fresh, GRAPH_FILE);
  const digest = await writeStream(path, streamPieces(whole.pieces));
  const logit = await withTrialSession({ path, outputName: 'logit', fit }, async ({ run }) => {
    const alone = await run([0]);
    const batch = await run([1, 0]);
    grownBytes = Math.max(grownBytes, alone.grownBytes);
    const [logit = Number.NaN] = alone.output.data;
    if (alone.output.data.length !== 1 || batch.output.data.length !== 2) throw unequal(logit, batch.output.data);
    const again = batch.output.data[1] ?? Number.NaN;
    const allowed = LARGEST_BATCH_DIFFERENCE[model.isHalf ? 'fp16' : 'fp32'] * Math.max(1, Math.abs(logit));
    if (!(Math.abs(again - logit) <= allowed)) throw unequal(logit, batch.output.data);
    return logit;
  });
  return { digest, runs: plan.mode, logit, notes, bytesPerClip: Math.max(grownBytes, whole.adapterBytesPerClip) };
}

function unequal(logit: number, batch: Float32Array): JobError {
  return checkpointError(
    `the model gives the logit ${logit} for a clip alone and ${[...batch].join(', ')} for two clips of which it is the last: it must be exported for inference (eval mode)`,
  );
}

async function writeDescriptor(fresh: string, descriptor: ClipDescriptor): Promise<string> {
  const text = JSON.stringify({ ...descriptor, layout: descriptor.layout.text }, null, 2);
  const path = join(fresh, DESCRIPTOR_FILE);
  await writeFile(path, `${text}\n`, { flag: 'wx', flush: true });
  return fileDigest(path);
}
