import { JOB_CATALOG, JobError, type Stage } from '@styleflow/contracts';
import type { Job } from 'bullmq';
import { z } from 'zod';
import type { RetryOutcome } from './retry-outcome.js';

/** While versions are rolled forward or back, a worker of the entry's version comes within minutes. */
const NEWER_WAIT_MS = 10_000;

const VersionSchema = z.object({ v: z.int().min(1) });

/** An entry of a newer version is for a worker of that version: it is put aside, without an attempt and for as long as it takes. */
export class NewerEntry extends JobError {
  readonly outcome: RetryOutcome = { kind: 'wait', delayMs: NEWER_WAIT_MS, waited: null };

  constructor(id: string, version: number, stage: Stage) {
    const readable = JOB_CATALOG[stage].version;
    super(
      'internal',
      `Entry ${id} has version ${version} and this worker reads ${readable}: it waits for a newer worker.`,
    );
  }
}

/**
 * The payload of an entry.
 * @throws NewerEntry; JobError `internal`, not retryable, for what is no payload of the stage at all.
 */
export function parsePayload<P>(schema: z.ZodType<P>, stage: Stage, { id = '', data }: Job): P {
  const { data: { v: version } = { v: 1 } } = VersionSchema.safeParse(data);
  if (version > JOB_CATALOG[stage].version) throw new NewerEntry(id, version, stage);
  const payload = schema.safeParse(data);
  if (payload.success) return payload.data;
  throw new JobError('internal', `The payload of ${id} is not one of ${stage}: ${payload.error.message}`, {
    retryable: false,
  });
}
