/** How much of `last` is blended into `first` to come nearest to `between`. */
export function shareOf(first: Float32Array, between: Float32Array, last: Float32Array): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < first.length; i++) {
    const step = (last[i] as number) - (first[i] as number);
    product += ((between[i] as number) - (first[i] as number)) * step;
    square += step * step;
  }
  return square === 0 ? 0 : product / square;
}

/** Mean distance of `between` from the blend with this share of `last`. */
export function restOf(first: Float32Array, between: Float32Array, last: Float32Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i] as number, last[i] as number];
    sum += Math.abs((between[i] as number) - a - share * (b - a));
  }
  return sum / first.length;
}
