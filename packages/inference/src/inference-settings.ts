import { inferencePlainSettings, listSetting } from '@styleflow/runtime';
import { z } from 'zod';
import { EXECUTION_PROVIDERS } from './device/execution-providers.js';
import type { CostModel } from './session/cost-model.js';

/** The settings of every process that runs a model bundle. */
export const inferenceSettings = {
  ...inferencePlainSettings,
  /** Providers in order of preference. The first is required. `cpu` after it allows single nodes to run there. */
  STYLEFLOW_EXECUTION_PROVIDERS: listSetting(['cpu']).pipe(
    z
      .array(z.enum(EXECUTION_PROVIDERS, { error: `allowed: a list of ${EXECUTION_PROVIDERS.join(', ')}` }))
      .min(1, `allowed: a list of ${EXECUTION_PROVIDERS.join(', ')}`)
      .refine((names) => new Set(names).size === names.length, 'a provider stands in the list twice'),
  ),
  /** The card's index as nvidia-smi counts, or its UUID. */
  STYLEFLOW_GPU_DEVICE: z
    .string()
    .regex(/^(\d{1,3}|GPU-[0-9a-zA-Z-]{1,60})$/, 'allowed: an index as nvidia-smi counts, or a UUID GPU-…')
    .optional(),
  /** Text that the card's name must contain. Ignored on `cpu`. */
  STYLEFLOW_GPU_NAME: z.string().max(100).default('RTX A6000'),
  /**
   * For load tests: milliseconds for a run + milliseconds for a clip, as in `2+8`. The worker then computes nothing and
   * only takes that long. It serves untrained bundles alone, and every result says `simulated`.
   */
  STYLEFLOW_SIMULATED_DEVICE: z
    .string()
    .regex(/^\d{1,6}(\.\d+)?\+\d{1,6}(\.\d+)?$/, 'allowed: milliseconds a run + milliseconds a clip, such as 2+8')
    .transform((text): CostModel => {
      const [runMs = 0, clipMs = 0] = text.split('+').map(Number);
      return { runMs, clipMs };
    })
    .optional(),
};

export type InferenceSettings = z.infer<z.ZodObject<typeof inferenceSettings>>;
