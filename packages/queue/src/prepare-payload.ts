import type { PreparePayload } from '@styleflow/contracts';
import type { JobRecord } from './ports/job-record.js';

/** What the stage `prepare` of the record's current run is told. */
export function preparePayloadOf({ id, run, source, options, bundle }: JobRecord): PreparePayload {
  return { v: 1, job: id, run, source, options, bundle: { id: bundle.id, digest: bundle.digest } };
}
