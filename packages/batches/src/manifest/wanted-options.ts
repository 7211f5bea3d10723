import { type GivenOptions, type JobOptions, JobOptionsSchema } from '@styleflow/contracts';
import type { ManifestItem } from './batch-item.js';

/** An item that names one bundle, or several, does not want those of the batch. `beneath`: of the job that it scores again. */
export function wantedOptions(
  batch: { readonly options: GivenOptions },
  item: Pick<ManifestItem, 'options'>,
  beneath: GivenOptions = {},
): JobOptions {
  const namesBundles = item.options.bundle !== undefined || item.options.bundles !== undefined;
  const { bundle: _bundle, bundles: _bundles, ...common } = batch.options;
  const { bundle, bundles, ...options } = JobOptionsSchema.parse({
    ...beneath,
    ...(namesBundles ? common : batch.options),
    ...item.options,
  });
  if (bundles === undefined) return { ...options, ...(bundle !== undefined && { bundle }) };
  return { ...options, bundles: [...new Set(bundles)] };
}
