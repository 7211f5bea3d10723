/** A change of a video as it circulates: what ffmpeg does to its frames, and how it encodes them. */
export interface Perturbation {
  /** `kind-strength`, as `blur-3`. */
  readonly name: string;
  readonly kind: PerturbationKind;
  /** From 1, the mildest. */
  readonly strength: number;
  readonly words: string;
  /** A chain of ffmpeg's filters; null where only the encoding changes. */
  readonly filter: string | null;
  /** Of H.264. Where the encoding is not what is changed, one that hides nothing. */
  readonly crf: number;
}

export const PERTURBATION_KINDS = ['h264', 'resize', 'blur', 'noise', 'frame-rate', 'frame-loss'] as const;
export type PerturbationKind = (typeof PERTURBATION_KINDS)[number];

const FINE_CRF = 10;
/** c23 and c40 of FaceForensics++, and one between. */
const CRF = [23, 32, 40];
const SCALES = [0.9, 0.75, 0.5, 0.35, 0.25];
const SIGMAS = [1, 2, 3, 4, 5];
const NOISES = [5, 10, 20, 30, 40];
const RATES = [20, 15, 12, 10, 5];
const LOSSES = [5, 10, 20, 30, 40];

/** All of them, by kind and strength: 28. The same video gives the same frames each time: noise and losses are seeded. */
export const PERTURBATIONS: readonly Perturbation[] = [
  ...CRF.map((crf, i) => perturbation('h264', i, `H.264, CRF ${crf}`, null, crf)),
  ...SCALES.map((scale, i) =>
    perturbation(
      ...(['resize', i, `to ${scale * 100} % and back`] as const),
      `scale=trunc(iw*${scale}/2)*2:trunc(ih*${scale}/2)*2:flags=bicubic,scale=WIDTH:HEIGHT:flags=bicubic`,
    ),
  ),
  ...SIGMAS.map((sigma, i) => perturbation('blur', i, `Gaussian blur, σ ${sigma} pixels`, `gblur=sigma=${sigma}`)),
  ...NOISES.map((noise, i) =>
    perturbation('noise', i, `noise of strength ${noise}`, `noise=alls=${noise}:allf=t:all_seed=7`),
  ),
  ...RATES.map((rate, i) => perturbation('frame-rate', i, `${rate} frames a second`, `fps=fps=${rate}`)),
  ...LOSSES.map((loss, i) =>
    // Steps of the golden ratio: losses are scattered, as many as are said, and the same each time.
    perturbation('frame-loss', i, `${loss} % of the frames lost`, `select=gte(mod(n*61.8033989+37\\,100)\\,${loss})`),
  ),
];

function perturbation(
  kind: PerturbationKind,
  index: number,
  words: string,
  filter: string | null,
  crf: number = FINE_CRF,
): Perturbation {
  return { name: `${kind}-${index + 1}`, kind, strength: index + 1, words, filter, crf };
}
