import type { JobOptions } from '@styleflow/client/browser';
import { z } from 'zod';

export const SCOPES = ['start', 'spread', 'whole'] as const;
const FACES = ['all', 'primary'] as const;
/** `default`: the mean where all models are calibrated, else the majority. */
export const COMBINES = ['default', 'majority', 'any'] as const;
/** As many as the API takes, beside the first model. */
export const OTHERS_MAX = 3;

/** What a person chooses on the page; the words beside it say what it means and costs. */
export interface Choices {
  readonly scope: (typeof SCOPES)[number];
  readonly faces: (typeof FACES)[number];
  readonly isDense: boolean;
  readonly checksStability: boolean;
  readonly keepsCrops: boolean;
  readonly keepsSource: boolean;
  /** Of uploads; of addresses none is kept. */
  readonly keepsPreview: boolean;
  /** Empty: the API's default. */
  readonly bundle: string;
  /** Further models that judge the same videos. */
  readonly others: readonly string[];
  readonly combine: (typeof COMBINES)[number];
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
  others: [],
  combine: 'default',
  priority: 5,
};

const ChoicesSchema: z.ZodType<Choices> = z.object({
  scope: z.enum(SCOPES),
  faces: z.enum(FACES),
  isDense: z.boolean(),
  checksStability: z.boolean(),
  keepsCrops: z.boolean(),
  keepsSource: z.boolean(),
  keepsPreview: z.boolean(),
  bundle: z.string(),
  others: z.array(z.string()).max(OTHERS_MAX),
  combine: z.enum(COMBINES),
  priority: z.number().int(),
});

/** Choices that the tab has kept; null for those of a console that offered others. */
export function readChoices(kept: unknown): Choices | null {
  return ChoicesSchema.safeParse(kept).data ?? null;
}

/** 20 windows of 32 frames. */
const SPREAD_FRAMES = 640;

/**
 * The options of the API. What is left as it is by default is not sent.
 * @param standard the model that judges where none was chosen: it has to be named beside others.
 */
export function optionsOf(
  {
    scope,
    faces,
    isDense,
    checksStability,
    keepsCrops,
    keepsSource,
    keepsPreview,
    bundle,
    others,
    combine,
    priority,
  }: Choices,
  standard: string | null,
): JobOptions {
  const bundles = bundlesOf({ bundle, others }, standard);
  return {
    ...(scope === 'spread' ? { maxFrames: SPREAD_FRAMES, sampling: 'spread' as const } : {}),
    ...(scope === 'whole' ? { maxFrames: 0 } : {}),
    ...(faces === 'primary' ? { faces } : {}),
    ...(isDense ? { detection: 'dense' as const } : {}),
    ...(checksStability ? { stability: true } : {}),
    ...(keepsCrops ? { keepCrops: true } : {}),
    ...(keepsSource ? { keepSource: true } : {}),
    ...(keepsPreview ? {} : { preview: false }),
    ...(bundles.length < 2 ? (bundle === '' ? {} : { bundle }) : { bundles }),
    ...(bundles.length < 2 || combine === 'default' ? {} : { combine }),
    ...(priority === 5 ? {} : { priority }),
  } as JobOptions;
}

/**
 * With a further model ticked or not. The first model is named from then on: were the API's default another one by the time of the
 * submission, what was chosen beside it would be beside another model, or gone.
 */
export function withOther(choices: Choices, id: string, isOn: boolean, standard: string | null): Choices {
  const others = choices.others.filter((each) => each !== id);
  return {
    ...choices,
    bundle: choices.bundle === '' && isOn ? (standard ?? '') : choices.bundle,
    others: isOn ? [...others, id] : others,
  };
}

/** The models of a job, the first one before the others, each once. */
function bundlesOf({ bundle, others }: Pick<Choices, 'bundle' | 'others'>, standard: string | null): string[] {
  const first = bundle === '' ? standard : bundle;
  return [...new Set([...(first === null ? [] : [first]), ...others])];
}
