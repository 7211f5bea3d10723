import type { LabelledLogit } from './platt.js';

/** `[logit, score]`, both rising; between two points the score is on the straight line, beyond the ends it stays. */
export type IsotonicPoints = [logit: number, score: number][];

interface Block {
  from: number;
  to: number;
  fakes: number;
  count: number;
}

/**
 * The rising steps that fit the share of fakes best (pool adjacent violators), as the points that bound them. Equal logits are one.
 * As published, the ends may be exactly 0 and 1; `keepInside` moves them in.
 */
export function fitIsotonic(items: readonly LabelledLogit[]): IsotonicPoints {
  const sorted = [...items].sort((a, b) => a.logit - b.logit);
  const blocks: Block[] = [];
  for (const { logit, isFake } of sorted) {
    const last = blocks[blocks.length - 1];
    const fakes = isFake ? 1 : 0;
    if (last !== undefined && last.to === logit && last.from === logit) {
      last.fakes += fakes;
      last.count += 1;
      continue;
    }
    blocks.push({ from: logit, to: logit, fakes, count: 1 });
  }
  const pooled: Block[] = [];
  for (const block of blocks) {
    pooled.push({ ...block });
    for (;;) {
      const [before, last] = pooled.slice(-2);
      if (before === undefined || last === undefined) break;
      if (before.fakes / before.count < last.fakes / last.count) break;
      pooled.splice(-2, 2, {
        from: before.from,
        to: last.to,
        fakes: before.fakes + last.fakes,
        count: before.count + last.count,
      });
    }
  }
  return pooled.flatMap(({ from, to, fakes, count }): IsotonicPoints => {
    const share = fakes / count;
    return from === to
      ? [[from, share]]
      : [
          [from, share],
          [to, share],
        ];
  });
}

/** Draws scores into `[margin, 1 − margin]`: a step of a few videos proves no certainty, and odds stay finite. */
export function keepInside(points: IsotonicPoints, margin: number): IsotonicPoints {
  return points.map(([logit, score]): [number, number] => [logit, Math.min(1 - margin, Math.max(margin, score))]);
}
