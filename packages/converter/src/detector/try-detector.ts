import { checkpointError, printShape } from '@styleflow/files';
import { openThreadedSession, type Tensor } from '@styleflow/inference';
import { explainTrial } from '../foreign/trial-session.js';
import { headName } from './compose-detector.js';
import { type DetectorDescriptor, HEAD_WIDTHS } from './detector-descriptor.js';
import type { DetectorHead, DetectorPorts, SeenSize } from './detector-ports.js';

/** Sizes of the trial pictures, [height, width]: one wide, one high, neither a multiple of a usual stride. */
const TRIAL_SIZES = [
  [118, 203],
  [170, 99],
] as const;
/** Quantised probabilities may lie this far outside of 0..1. */
const ROUNDING = 0.1;

interface FoundHead extends DetectorHead {
  readonly tensor: Tensor;
}

/**
 * Runs a detector's graph on made pictures of two sizes, on the CPU, in a thread of its own, and compares the shapes
 * and scores with the descriptor.
 * @returns notes on what looks odd but may be intended.
 * @throws JobError `invalid_request` that names the outputs found and expected, or the runtime's reason.
 */
export async function tryDetector(
  path: string,
  { heads, size, fit }: DetectorPorts,
  descriptor: DetectorDescriptor,
): Promise<string[]> {
  const session = await openThreadedSession(path, { providers: ['cpu'] }).catch((error: unknown) => {
    throw explainTrial(`ONNX Runtime does not load the model (${fit})`, path, error);
  });
  try {
    const scores: number[] = [];
    for (const [height, width] of TRIAL_SIZES) {
      const pictures: Tensor = { type: 'uint8', dims: [1, height, width, 3], data: madePicture(height, width) };
      const outputs = await session.run({ pictures }).catch((error: unknown) => {
        throw explainTrial(`the model does not run (${fit})`, path, error);
      });
      const found = heads.flatMap((head): FoundHead[] => {
        const tensor = outputs[headName(head)];
        return tensor ? [{ ...head, tensor }] : [];
      });
      for (const head of found)
        checkShape(head, found, gridOf(size, [height, width], descriptor, head.stride), descriptor);
      for (const { tensor, givenName } of found) {
        const odd = tensor.data.find((value) => !Number.isFinite(Number(value)));
        if (odd !== undefined) throw checkpointError(`the model gives ${odd} in "${givenName}" for a made picture`);
      }
      const judged = found.filter(({ role }) => role === 'scores' || role === 'objectness');
      scores.push(...judged.flatMap(({ tensor }) => rangeOf(tensor)));
    }
    return judgeScores(Math.min(...scores), Math.max(...scores), descriptor);
  } finally {
    await session.release();
  }
}

/** Rows and columns of cells that a frame has at a stride. */
function gridOf(size: SeenSize, frame: readonly [number, number], { strides }: DetectorDescriptor, stride: number) {
  const unit = Math.max(...strides);
  const [height, width] = size === 'native' ? frame.map((side) => Math.ceil(side / unit) * unit) : size;
  return { rows: Number(height) / stride, columns: Number(width) / stride };
}

/** Checks that a head gives one row for each proposal: cells row by row, the anchors of a cell side by side. */
function checkShape(
  { role, stride, givenName, tensor }: FoundHead,
  all: readonly FoundHead[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { anchors }: DetectorDescriptor,
): void {
  const width = HEAD_WIDTHS[role];
  const leading = tensor.dims.findIndex((dim) => dim !== 1);
  const [proposals = 1, ...rest] = leading < 0 ? [] : tensor.dims.slice(leading);
  const isWide = rest.reduce((product, dim) => product * dim, 1) === width;
  const cells = rows * columns;
  if (isWide && proposals === cells * anchors) return;
  const found = `"${givenName}" is taken for the ${role} of stride ${stride} and gives ${printShape(tensor.dims)}`;
  const expected = `expected ${cells * anchors} rows of ${width} (${rows} × ${columns} cells, anchors ${anchors})`;
  const better = isWide && proposals % cells === 0 ? `; with anchors ${proposals / cells} it would fit` : '';
  const list = all.map((head) => `${head.role} of ${head.stride}: "${head.givenName}" ${printShape(head.tensor.dims)}`);
  throw checkpointError(`${found}, ${expected}${better}. Outputs as taken: ${list.join(', ')}`);
}

function rangeOf({ data }: Tensor): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    least = Math.min(least, Number(value));
    most = Math.max(most, Number(value));
  }
  return [least, most];
}

function judgeScores(least: number, most: number, { scoreKind }: DetectorDescriptor): string[] {
  const seen = `scores from ${Number(least.toPrecision(3))} to ${Number(most.toPrecision(3))} for a made picture`;
  const isShare = least >= -ROUNDING && most <= 1 + ROUNDING;
  if (scoreKind === 'probability' && !isShare) {
    throw checkpointError(`scoreKind is "probability", 0 to 1, but the model gives ${seen}: are these logits?`);
  }
  if (scoreKind === 'logit' && least >= 0 && most <= 1) {
    return [`scoreKind is "logit", but the model gives ${seen}: are these probabilities?`];
  }
  return [];
}

/** A picture of coloured waves: no face, but no even surface either. */
function madePicture(height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, (_, at) => {
    const [x, y, colour] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width)), at % 3];
    return 128 + 100 * Math.sin(x / (5 + colour)) * Math.cos(y / 7) + ((x * 37 + y * 101) % 23);
  });
}
