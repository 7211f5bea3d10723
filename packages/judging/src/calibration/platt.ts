import { sigmoid } from '@styleflow/scoring';

export interface LabelledLogit {
  readonly logit: number;
  readonly isFake: boolean;
}

/** score = σ(a·logit + b). */
export interface PlattFit {
  readonly a: number;
  readonly b: number;
}

const MOST_STEPS = 100;
const RIDGE = 1e-12;

/**
 * Platt scaling by Newton's method with halved steps (Platt 1999; Lin, Lin and Weng 2007). The targets are Platt's, drawn a little
 * towards the middle, so that classes that do not overlap give a steep curve and no infinite one.
 * @throws RangeError unless both classes are there.
 */
export function fitPlatt(items: readonly LabelledLogit[]): PlattFit {
  const fakeCount = items.filter(({ isFake }) => isFake).length;
  const realCount = items.length - fakeCount;
  if (fakeCount === 0 || realCount === 0) throw new RangeError('calibration needs videos of both classes');
  const targets = { fake: (fakeCount + 1) / (fakeCount + 2), real: 1 / (realCount + 2) };
  const points = items.map(({ logit, isFake }) => ({ x: logit, t: isFake ? targets.fake : targets.real }));
  let fit: PlattFit = { a: 0, b: Math.log((fakeCount + 1) / (realCount + 1)) };
  let loss = lossOf(points, fit);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { da, db } = newtonStep(points, fit);
    const next = halvedUntilBetter(points, fit, loss, { da, db });
    if (next === null) return fit;
    fit = next.fit;
    const gain = loss - next.loss;
    loss = next.loss;
    if (gain < 1e-14 * Math.max(1, loss) && Math.abs(da) < 1e-10 * Math.max(1, Math.abs(fit.a))) return fit;
  }
  return fit;
}

interface Target {
  readonly x: number;
  readonly t: number;
}

function newtonStep(points: readonly Target[], { a, b }: PlattFit): { da: number; db: number } {
  let [ga, gb, haa, hab, hbb] = [0, 0, RIDGE, 0, RIDGE];
  for (const { x, t } of points) {
    const p = sigmoid(a * x + b);
    const weight = p * (1 - p);
    ga += x * (p - t);
    gb += p - t;
    haa += x * x * weight;
    hab += x * weight;
    hbb += weight;
  }
  const determinant = haa * hbb - hab * hab;
  return { da: -(hbb * ga - hab * gb) / determinant, db: -(haa * gb - hab * ga) / determinant };
}

function halvedUntilBetter(
  points: readonly Target[],
  { a, b }: PlattFit,
  loss: number,
  { da, db }: { da: number; db: number },
): { fit: PlattFit; loss: number } | null {
  for (let part = 1; part > 1e-10; part /= 2) {
    const fit = { a: a + part * da, b: b + part * db };
    const next = lossOf(points, fit);
    if (next <= loss) return { fit, loss: next };
  }
  return null;
}

/** Cross entropy, in a form that neither overflows nor takes the logarithm of zero. */
function lossOf(points: readonly Target[], { a, b }: PlattFit): number {
  return points.reduce((sum, { x, t }) => {
    const z = a * x + b;
    return sum + Math.max(z, 0) - t * z + Math.log1p(Math.exp(-Math.abs(z)));
  }, 0);
}
