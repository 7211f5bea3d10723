import type { BundleFacts, PreparePayload } from '@styleflow/contracts';
import type { JobRecord } from './ports/job-record.js';

/**
 * The payload of the stage `prepare` for the record's current run. The source stays in the record, and its secrets in the vault. A
 * worker that knows only version 2 would not look for what an earlier job kept: it hands the entry back.
 */
export function preparePayloadOf({
  id,
  run,
  owner,
  item,
  options,
  bundle,
  bundles,
  rescoreOf,
}: JobRecord): PreparePayload {
  const ofBatch = item === undefined ? {} : { ofBatch: true as const };
  const common = { job: id, run, owner, ...ofBatch, options, bundle: nameOf(bundle) };
  // Workers of a version before read no payload with an option that they do not know.
  const isNewer = options.stability !== undefined;
  if (bundles !== undefined) return { v: isNewer ? 4 : 3, ...common, bundles: bundles.map(nameOf) };
  return { v: isNewer ? 4 : rescoreOf === undefined ? 2 : 3, ...common };
}

function nameOf({ id, digest }: BundleFacts): { id: string; digest: string } {
  return { id, digest };
}
