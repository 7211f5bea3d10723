import type { JobOptions } from '@styleflow/contracts';

/** How clips become a video's score, and what a video must be scored with. The name stands in every output. */
export interface Protocol {
  readonly name: ProtocolName;
  readonly summary: string;
  /** Options of the jobs; what a user may set otherwise is left out of `fixed`. */
  readonly options: Pick<JobOptions, 'maxFrames' | 'sampling' | 'faces' | 'detection'>;
  readonly fixed: readonly (keyof Protocol['options'])[];
  /** Frames of a clip. */
  readonly clipFrames: number;
  /** From this score on a video counts as fake; null: the bundle's own threshold. */
  readonly threshold: number | null;
  /** In what the service's clips differ from those that published figures were made with. They stand in every output, too. */
  readonly departures: readonly string[];
}

export const PROTOCOL_NAMES = ['all-faces', 'original', 'ftcn', 'deepfakebench'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'all-faces': {
    name: 'all-faces',
    summary: "the service's own rule: the highest of all tracks, each the calibrated mean of its clips' logits",
    options: { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive' },
    fixed: ['faces'],
    clipFrames: 32,
    threshold: null,
    departures: [],
  },
  original: {
    name: 'original',
    summary:
      "the original service's rule: clips without overlap of the first 110 frames, the best-detected face of the first frame with one, σ of the mean of its clips' logits, 0.2",
    options: { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'dense' },
    fixed: ['maxFrames', 'sampling', 'faces', 'detection'],
    clipFrames: 32,
    threshold: 0.2,
    departures: [],
  },
  ftcn: {
    name: 'ftcn',
    summary: "the FTCN demonstration's rule: the mean of the clips' probabilities, 0.5",
    options: { maxFrames: 0, sampling: 'head', faces: 'primary', detection: 'dense' },
    fixed: ['faces', 'detection'],
    clipFrames: 32,
    threshold: 0.5,
    departures: ['clips without overlap, where the published windows move by one frame'],
  },
  deepfakebench: {
    name: 'deepfakebench',
    summary: "DeepfakeBench's rule for video detectors: the mean of the clips' probabilities, 0.5",
    options: { maxFrames: 0, sampling: 'head', faces: 'primary', detection: 'dense' },
    fixed: ['faces', 'detection'],
    clipFrames: 16,
    threshold: 0.5,
    departures: ["this product's crops and normalisation, where DeepfakeBench has its own (mean and deviation 0.5)"],
  },
};

/**
 * Why the protocol cannot be followed with clips of this length, as a sentence; null when it can. With `isAdapted` it is followed all
 * the same, and says so in all outputs.
 */
export function refuseProtocol({ name, clipFrames }: Protocol, bundleFrames: number): string | null {
  if (clipFrames === bundleFrames) return null;
  return `the protocol ${name} scores clips of ${clipFrames} frames, and the bundle's have ${bundleFrames}: its figures are not comparable. --protocol-adapted follows its rule on clips of ${bundleFrames} frames, and says so in every output`;
}

/** The departures of a run, with the clips' length where it was adapted. */
export function departuresOf({ departures, clipFrames }: Protocol, bundleFrames: number): string[] {
  const length = `adapted: clips of ${bundleFrames} frames, where the protocol has ${clipFrames}`;
  return clipFrames === bundleFrames ? [...departures] : [length, ...departures];
}
