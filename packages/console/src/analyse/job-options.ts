import type { JobOptions } from '@styleflow/client/browser';

export const SCOPES = ['start', 'spread', 'whole'] as const;

/** What a person chooses on the page; the words beside it say what it means and costs. */
export interface Choices {
  readonly scope: (typeof SCOPES)[number];
  readonly faces: 'all' | 'primary';
  readonly isDense: boolean;
  readonly checksStability: boolean;
  readonly keepsCrops: boolean;
  readonly keepsSource: boolean;
  /** Of uploads; of addresses none is kept. */
  readonly keepsPreview: boolean;
  /** Empty: the API's default. */
  readonly bundle: string;
  readonly priority: number;
}

export const DEFAULT_CHOICES: Choices = {
  scope: 'start',
  faces: 'all',
  isDense: false,
  checksStability: false,
  keepsCrops: false,
  keepsSource: false,
  keepsPreview: true,
  bundle: '',
  priority: 5,
};

/** 20 windows of 32 frames. */
const SPREAD_FRAMES = 640;

/** The options of the API. What is left as it is by default is not sent. */
export function optionsOf({
  scope,
  faces,
  isDense,
  checksStability,
  keepsCrops,
  keepsSource,
  keepsPreview,
  bundle,
  priority,
}: Choices): JobOptions {
  return {
    ...(scope === 'spread' ? { maxFrames: SPREAD_FRAMES, sampling: 'spread' as const } : {}),
    ...(scope === 'whole' ? { maxFrames: 0 } : {}),
    ...(faces === 'primary' ? { faces } : {}),
    ...(isDense ? { detection: 'dense' as const } : {}),
    ...(checksStability ? { stability: true } : {}),
    ...(keepsCrops ? { keepCrops: true } : {}),
    ...(keepsSource ? { keepSource: true } : {}),
    ...(keepsPreview ? {} : { preview: false }),
    ...(bundle === '' ? {} : { bundle }),
    ...(priority === 5 ? {} : { priority }),
  } as JobOptions;
}
