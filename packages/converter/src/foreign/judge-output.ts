import { checkpointError, printShape } from '@styleflow/files';
import type { Tensor } from '@styleflow/inference';
import type { RunPlan } from './adapt-clips.js';
import type { ClipDescriptor } from './clip-descriptor.js';
import { NUMBERS_PER_SCORE } from './read-logit.js';

/** Probabilities that were rounded to half precision may lie this far outside of 0..1. */
const ROUNDING = 0.01;

/** Of this many logits hardly all lie between 0 and 1, so such numbers are probably probabilities. */
const FEWEST_TELLING = 8;

/**
 * Compares what a model gave for one clip with what the descriptor says of its output.
 * @returns notes on what looks odd but may be intended.
 * @throws JobError `invalid_request` that names the shape or the values that do not fit.
 */
export function judgeOutput(
  raw: Tensor & { readonly data: Float32Array },
  descriptor: ClipDescriptor,
  mode: RunPlan['mode'],
): string[] {
  const { output, layout, frames } = descriptor;
  const { kind } = output;
  const numbers = NUMBERS_PER_SCORE[kind];
  const scores = layout.isPerFrame ? frames.count : 1;
  const [runs = 1] = raw.dims;
  const found =
    mode === 'together'
      ? `the model gives ${printShape(raw.dims)} for one clip`
      : `the model gives ${raw.data.length / runs} numbers in each of ${runs} runs for one clip`;
  const wanted = `output.kind "${kind}" expects ${numbers === 1 ? 'one number' : 'two numbers'} for each of ${
    scores === 1 ? 'one clip' : `${scores} frames`
  }`;
  const lastLength = raw.dims.filter((dim) => dim !== 1).at(-1) ?? 1;
  // Runs in turn give the numbers flattened. Runs together must have the classes on the last axis, or clips would be
  // taken for classes.
  const hasClassesLast = numbers === 1 || mode === 'in-turn' || lastLength === 2;
  if (raw.data.length !== scores * numbers || !hasClassesLast) {
    throw checkpointError(`${found}; ${wanted}, in this order`);
  }
  const odd = raw.data.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw checkpointError(`the model gives ${odd} for a built-in clip`);
  const isShare = raw.data.every((value) => value >= -ROUNDING && value <= 1 + ROUNDING);
  const addUp = numbers === 2 && pairsOf(raw.data).every(([a, b]) => Math.abs(a + b - 1) <= ROUNDING);
  const isProbability = numbers === 2 ? isShare && addUp : isShare;
  const seen = Array.from(raw.data.subarray(0, numbers), (value) => Number(value.toPrecision(4))).join(', ');
  if (kind === 'probability' || kind === 'probabilities2') {
    if (isProbability) return [];
    const rule = numbers === 2 ? 'two numbers that add up to 1' : 'a number from 0 to 1';
    throw checkpointError(`output.kind is "${kind}", ${rule}, but the model gives ${seen}: is it a logit?`);
  }
  const isTelling = numbers === 2 ? addUp : raw.data.length >= FEWEST_TELLING;
  if (!isTelling || raw.data.some((value) => value < 0 || value > 1)) return [];
  return [`output.kind is "${kind}", but the model gives ${seen} for a built-in clip: are these probabilities?`];
}

function pairsOf(values: Float32Array): (readonly [number, number])[] {
  return Array.from({ length: values.length / 2 }, (_, at) => [values[2 * at] ?? 0, values[2 * at + 1] ?? 0] as const);
}
