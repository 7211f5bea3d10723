/** Colours that are equal in so many bits of each value are counted as one. */
const BITS = 6;
const DROP = 8 - BITS;
/** How often each colour becomes the mean of what is nearest to it. */
const ROUNDS = 2;

/** Of each cell of colours, which of the colours that occur it is, and one; 0 while it has not occurred. */
const places = new Int32Array(1 << (3 * BITS));

/** Colours that occur, each the mean of its cell, and how often. */
interface Colours {
  readonly weights: Float64Array;
  /** Red, green and blue, one after the other. */
  readonly values: Float64Array;
}

/** Some of the colours, by their place in `order`, and the square error when they become one. */
interface Group {
  readonly from: number;
  readonly to: number;
  /** Along which value they differ most, and its mean. */
  readonly axis: number;
  readonly mean: number;
  readonly error: number;
}

/**
 * Chooses colours for a picture: those that occur are divided where they differ most, then each chosen one becomes the mean of what is
 * nearest to it.
 * @param pixels RGB; all of them, or as many as tell.
 * @returns RGB of at most `most` colours; one at least.
 */
export function choosePalette(pixels: Uint8Array, most: number): Uint8Array {
  const colours = countColours(pixels);
  let means = divide(colours, most);
  for (let round = 0; round < ROUNDS; round++) means = improve(colours, means);
  return Uint8Array.from(means, Math.round);
}

function countColours(pixels: Uint8Array): Colours {
  const weights = new Float64Array(pixels.length / 3);
  const values = new Float64Array(pixels.length);
  places.fill(0);
  let occurring = 0;
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const r = pixels[at] as number;
    const g = pixels[at + 1] as number;
    const b = pixels[at + 2] as number;
    const cell = ((r >> DROP) << (2 * BITS)) | ((g >> DROP) << BITS) | (b >> DROP);
    if (places[cell] === 0) places[cell] = ++occurring;
    const colour = (places[cell] as number) - 1;
    weights[colour] = (weights[colour] as number) + 1;
    values[3 * colour] = (values[3 * colour] as number) + r;
    values[3 * colour + 1] = (values[3 * colour + 1] as number) + g;
    values[3 * colour + 2] = (values[3 * colour + 2] as number) + b;
  }
  for (let i = 0; i < 3 * occurring; i++) values[i] = (values[i] as number) / (weights[Math.floor(i / 3)] as number);
  return { weights: weights.subarray(0, occurring), values: values.subarray(0, 3 * occurring) };
}

/** @returns the means of at most `most` groups, red, green and blue one after the other. */
function divide(colours: Colours, most: number): Float64Array {
  const order = Int32Array.from(colours.weights, (_, i) => i);
  const groups = [groupOf(colours, order, 0, order.length)];
  while (groups.length < most) {
    const worst = groups.reduce((one, other) => (other.error > one.error ? other : one));
    if (worst.error === 0) break;
    const middle = partition(colours, order, worst);
    groups.splice(
      groups.indexOf(worst),
      1,
      groupOf(colours, order, worst.from, middle),
      groupOf(colours, order, middle, worst.to),
    );
  }
  const means = new Float64Array(3 * groups.length);
  for (const [i, { from, to }] of groups.entries())
    for (let axis = 0; axis < 3; axis++) means[3 * i + axis] = meanOf(colours, order, from, to, axis);
  return means;
}

function groupOf(colours: Colours, order: Int32Array, from: number, to: number): Group {
  let [axis, mean, most, error] = [0, 0, -1, 0];
  // One colour alone is at no distance from itself, whatever rounding says.
  if (to - from < 2) return { from, to, axis, mean, error };
  for (let one = 0; one < 3; one++) {
    const middle = meanOf(colours, order, from, to, one);
    let square = 0;
    for (let i = from; i < to; i++) {
      const colour = order[i] as number;
      square += (colours.weights[colour] as number) * ((colours.values[3 * colour + one] as number) - middle) ** 2;
    }
    error += square;
    if (square > most) [axis, mean, most] = [one, middle, square];
  }
  return { from, to, axis, mean, error };
}

function meanOf({ weights, values }: Colours, order: Int32Array, from: number, to: number, axis: number): number {
  let sum = 0;
  let weight = 0;
  for (let i = from; i < to; i++) {
    const colour = order[i] as number;
    sum += (weights[colour] as number) * (values[3 * colour + axis] as number);
    weight += weights[colour] as number;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** Puts those below the group's mean before the others. @returns where these begin: neither part is empty. */
function partition({ values }: Colours, order: Int32Array, { from, to, axis, mean }: Group): number {
  let middle = from;
  for (let i = from; i < to; i++) {
    const colour = order[i] as number;
    if ((values[3 * colour + axis] as number) >= mean) continue;
    order[i] = order[middle] as number;
    order[middle++] = colour;
  }
  return Math.min(to - 1, Math.max(from + 1, middle));
}

/** Each colour as the mean of those that are nearest to it; one that is nearest to none stays. */
function improve({ weights, values }: Colours, means: Float64Array): Float64Array {
  const better = new Float64Array(means.length);
  const total = new Float64Array(means.length / 3);
  for (let colour = 0; colour < weights.length; colour++) {
    const r = values[3 * colour] as number;
    const g = values[3 * colour + 1] as number;
    const b = values[3 * colour + 2] as number;
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let i = 0; 3 * i < means.length; i++) {
      const dr = r - (means[3 * i] as number);
      const dg = g - (means[3 * i + 1] as number);
      const db = b - (means[3 * i + 2] as number);
      const distance = dr * dr + dg * dg + db * db;
      if (distance >= least) continue;
      least = distance;
      nearest = i;
    }
    const weight = weights[colour] as number;
    total[nearest] = (total[nearest] as number) + weight;
    better[3 * nearest] = (better[3 * nearest] as number) + weight * r;
    better[3 * nearest + 1] = (better[3 * nearest + 1] as number) + weight * g;
    better[3 * nearest + 2] = (better[3 * nearest + 2] as number) + weight * b;
  }
  return better.map((sum, i) => {
    const weight = total[Math.floor(i / 3)] as number;
    return weight === 0 ? (means[i] as number) : sum / weight;
  });
}
