/** ∫ of the standard normal density from |z| outward, both sides: the p value of z. To some 1e-14 relative. */
export function twoSidedTail(z: number): number {
  return upperTail(Math.abs(z) / Math.SQRT2);
}

/** erfc(x) for x ≥ 0: a series near zero, a continued fraction (Lentz) farther out, where the series would cancel. */
function upperTail(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}
