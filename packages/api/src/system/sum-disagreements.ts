import { type Against, type Comparison, LABELS, MOST_DIFFERING_MAX, type ShortVerdict } from '@styleflow/contracts';

/** One video and one of the bundles whose verdict clients saw. */
interface Pair extends Pick<Comparison, 'job' | 'run' | 'at'> {
  readonly served: ShortVerdict;
  readonly shadow: ShortVerdict;
  /** Score of the shadow less that of the served bundle, −1 to 1; null where one has none. */
  readonly difference: number | null;
}

/** How a shadow differs from each bundle that was served, in the order of their first video. */
export function sumDisagreements(comparisons: readonly Comparison[]): Against[] {
  const pairs = new Map<string, Pair[]>();
  for (const { served, shadow, ...about } of comparisons) {
    for (const { bundle, verdict } of served) {
      const difference = verdict.score === null || shadow.score === null ? null : shadow.score - verdict.score;
      const pair = { ...about, served: verdict, shadow, difference };
      const known = pairs.get(bundle);
      if (known) known.push(pair);
      else pairs.set(bundle, [pair]);
    }
  }
  return [...pairs].map(([bundle, of]) => sumPairs(bundle, of));
}

function sumPairs(bundle: string, pairs: readonly Pair[]): Against {
  const times = pairs.map(({ at }) => at);
  const sameVerdict = pairs.filter(isSame).length;
  return {
    bundle,
    videos: pairs.length,
    from: new Date(Math.min(...times)).toISOString(),
    to: new Date(Math.max(...times)).toISOString(),
    sameVerdict,
    agreement: sameVerdict / pairs.length,
    confusion: LABELS.flatMap((served) =>
      LABELS.flatMap((shadow) => {
        const videos = pairs.filter((pair) => pair.served.label === served && pair.shadow.label === shadow).length;
        return videos === 0 ? [] : [{ served, shadow, videos }];
      }),
    ),
    scoreDifference: sumScores(pairs.flatMap(({ difference }) => difference ?? [])),
    mostDiffering: [...pairs]
      .sort(byHowFarApart)
      .slice(0, MOST_DIFFERING_MAX)
      .map(({ at, ...pair }) => ({ ...pair, at: new Date(at).toISOString() })),
  };
}

const isSame = ({ served, shadow }: Pair): boolean => served.label === shadow.label;

function byHowFarApart(a: Pair, b: Pair): number {
  const apart = ({ difference }: Pair): number => Math.abs(difference ?? 0);
  return Number(isSame(a)) - Number(isSame(b)) || apart(b) - apart(a) || b.at - a.at;
}

function sumScores(differences: readonly number[]): Against['scoreDifference'] {
  if (differences.length === 0) return null;
  const sorted = [...differences].sort((a, b) => a - b);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    videos: sorted.length,
    mean: mean(sorted),
    meanAbsolute: mean(sorted.map(Math.abs)),
    p5: quantile(sorted, 0.05),
    p25: quantile(sorted, 0.25),
    p50: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
  };
}

/** Of rising values, with a straight line between neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
