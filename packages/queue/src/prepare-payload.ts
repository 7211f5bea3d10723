import type { PreparePayload } from '@styleflow/contracts';
import type { JobRecord } from './ports/job-record.js';

/** The payload of the stage `prepare` for the record's current run. The source stays in the record, and its secrets in the vault. */
export function preparePayloadOf({ id, run, owner, item, options, bundle }: JobRecord): PreparePayload {
  const { id: name, digest } = bundle;
  const ofBatch = item === undefined ? {} : { ofBatch: true as const };
  return { v: 2, job: id, run, owner, ...ofBatch, options, bundle: { id: name, digest } };
}
