/** P(X ≤ k) of n throws that each succeed with probability p, summed term by term. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 0; i < k; i++) {
    logTerm += Math.log(((n - i) / (i + 1)) * (p / (1 - p)));
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** The exact upper bound (Clopper and Pearson) of a rate of which `k` of `n` were seen. */
export function rateUpperBound(k: number, n: number, confidence: number): number {
  if (k >= n) return 1;
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (binomialCdf(k, n, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * How many of `n` may be on the wrong side of a threshold that is put at an order statistic, so that its true rate is at most `bound`
 * with this confidence, whatever the distribution (Tong, Feng and Li, 2018). −1 when `n` is too small for any.
 */
export function mostAllowed(n: number, bound: number, confidence: number): number {
  let k = -1;
  while (k + 1 < n && binomialCdf(k + 1, n, bound) <= 1 - confidence) k += 1;
  return k;
}

/** How many are needed for a bound at all, none of them on the wrong side. */
export function fewestNeeded(bound: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-bound));
}
