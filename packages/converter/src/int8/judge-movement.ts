import { checkpointError } from '@styleflow/files';

/** How far int8 moves what the network says of clips that its ranges do not come from. */
export interface Movement {
  readonly clips: number;
  readonly logit: { readonly largest: number; readonly mean: number };
  /** Largest difference of a score (0..1, calibration 1 and 0). */
  readonly score: number;
}

/**
 * How far a logit may move, at a logit of 0 and once more as a share of it. It is the contract's tolerance of fp16 five
 * times over. At a logit of 0 a score moves by a quarter of that.
 */
const LARGEST_MOVEMENT = 0.1;

/** Compares logits clip by clip. */
export function measureMovement(exact: readonly number[], rounded: readonly number[]): Movement {
  const pairs = exact.map((logit, index) => [logit, rounded[index] ?? Number.NaN] as const);
  const moved = pairs.map(([before, after]) => Math.abs(before - after));
  return {
    clips: exact.length,
    logit: { largest: Math.max(...moved), mean: moved.reduce((sum, each) => sum + each, 0) / moved.length },
    score: Math.max(...pairs.map(([before, after]) => Math.abs(sigmoid(before) - sigmoid(after)))),
  };
}

/**
 * @param names of the clips
 * @throws JobError `invalid_request` that names the clip whose logit moves further than is allowed.
 */
export function refuseMovement(exact: readonly number[], rounded: readonly number[], names: readonly string[]): void {
  for (const [index, before] of exact.entries()) {
    const after = rounded[index] ?? Number.NaN;
    const allowed = LARGEST_MOVEMENT * (1 + Math.abs(before));
    if (Math.abs(before - after) <= allowed) continue;
    throw checkpointError(
      `int8 moves the logit of the held-out ${names[index]} from ${before.toFixed(3)} to ${after.toFixed(3)}, by more than ` +
        `${allowed.toFixed(3)}: name more clips, of more videos (--int8-clips), or stay with fp32`,
    );
  }
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
