/** The allowed distance from `expected`: `abs + rel · |expected|`. */
export interface Tolerance {
  readonly abs?: number;
  readonly rel?: number;
}

/**
 * Asserts that numbers agree with a reference, value by value. The failure names the worst value. NaN is close to
 * nothing; an infinity only to itself.
 */
export function expectClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  tolerance: Tolerance,
): void {
  const { abs = 0, rel = 0 } = tolerance;
  const got = typeof actual === 'number' ? [actual] : actual;
  const want = typeof expected === 'number' ? [expected] : expected;
  if (got.length !== want.length) throw new Error(`${got.length} values, expected ${want.length}`);
  let outside = 0;
  let worst = { index: -1, excess: 0 };
  for (let index = 0; index < want.length; index += 1) {
    const g = got[index] ?? Number.NaN;
    const w = want[index] ?? Number.NaN;
    if (g === w) continue;
    const difference = Math.abs(g - w);
    const allowed = abs + rel * Math.abs(w);
    if (Number.isFinite(difference) && difference <= allowed) continue;
    outside += 1;
    const excess = Number.isFinite(difference) ? difference - allowed : Number.POSITIVE_INFINITY;
    if (worst.index < 0 || excess > worst.excess) worst = { index, excess };
  }
  if (outside === 0) return;
  throw new Error(
    `${outside} of ${want.length} values lie outside abs ${abs} + rel ${rel}; worst at [${worst.index}]: ` +
      `${got[worst.index]}, expected ${want[worst.index]}`,
  );
}
