import {
  CLIP_VARIANTS,
  type ClipVariant,
  type EncodedScores,
  MIN_SCORED_SHARE,
  type Stability,
  type Verdict,
} from '@styleflow/contracts';

/** What comes out for the clips of a job in one encoding. */
export interface EncodedView {
  /** By these clips alone. */
  readonly verdict: Verdict;
  readonly faces: readonly { readonly track: number; readonly score: number | null }[];
  /** How many of its clips were scored. */
  readonly scored: number;
}

/**
 * Whether the verdict of a job holds when its clips are encoded anew. A re-encoding of which less than `MIN_SCORED_SHARE` of the clips
 * could be scored tells nothing, and counts as none: its scores are null. Any other label is a change, also one of a verdict into none.
 * @param planned how many clips there are.
 */
export function judgeStability(
  plain: EncodedView,
  variants: Readonly<Record<ClipVariant, EncodedView>>,
  planned: number,
): Stability {
  const isKnown = (variant: ClipVariant): boolean => variants[variant].scored >= planned * MIN_SCORED_SHARE;
  const known = (variant: ClipVariant): EncodedView | null => (isKnown(variant) ? variants[variant] : null);
  const views = { plain, h264: known('h264'), half: known('half') };
  const labels = {
    plain: plain.verdict.label,
    h264: views.h264?.verdict.label ?? null,
    half: views.half?.verdict.label ?? null,
  };
  const scores = scoresBy((view) => view.verdict.score, views);
  return {
    state: stateOf(
      labels.plain,
      CLIP_VARIANTS.map((variant) => labels[variant]),
    ),
    scores,
    spread: spreadOf(scores),
    labels,
    clips: { planned, h264: variants.h264.scored, half: variants.half.scored },
    faces: plain.faces.map(({ track }) => {
      const own = scoresBy(({ faces }) => faces.find((face) => face.track === track)?.score ?? null, views);
      return { track, scores: own, spread: spreadOf(own) };
    }),
  };
}

/** The verdict with what the re-encodings make of it: one that does not hold, or could not be checked, is none. */
export function withStability(verdict: Verdict, { state }: Pick<Stability, 'state'>): Verdict {
  if (verdict.label === 'inconclusive' || state === 'stable' || state === 'no_verdict') return verdict;
  return { ...verdict, label: 'inconclusive', reason: 'unstable' };
}

function stateOf(plain: Verdict['label'], others: readonly (Verdict['label'] | null)[]): Stability['state'] {
  if (plain === 'inconclusive') return 'no_verdict';
  if (others.some((label) => label !== null && label !== plain)) return 'unstable';
  return others.includes(null) ? 'unknown' : 'stable';
}

type Views = Readonly<Record<keyof EncodedScores, EncodedView | null>>;

function scoresBy(of: (view: EncodedView) => number | null, { plain, h264, half }: Views): EncodedScores {
  return { plain: plain && of(plain), h264: h264 && of(h264), half: half && of(half) };
}

function spreadOf({ plain, h264, half }: EncodedScores): number | null {
  if (plain === null || h264 === null || half === null) return null;
  return Math.max(plain, h264, half) - Math.min(plain, h264, half);
}
