import type { PreparePayload } from '@styleflow/contracts';
import type { JobRecord } from './ports/job-record.js';

/** The payload of the stage `prepare` for the record's current run. */
export function preparePayloadOf({ id, run, owner, source, options, bundle }: JobRecord): PreparePayload {
  return { v: 1, job: id, run, owner, source, options, bundle: { id: bundle.id, digest: bundle.digest } };
}
