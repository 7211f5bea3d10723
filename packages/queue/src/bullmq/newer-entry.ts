import { JobError, type Stage } from '@styleflow/contracts';
import type { Job } from 'bullmq';
import { z } from 'zod';
import type { RetryOutcome } from './retry-outcome.js';

/** The version of payloads that this code reads; see `job-catalog.ts`. */
const PAYLOAD_VERSION = 1;
/** While versions are rolled forward or back, a worker of the entry's version comes within minutes. */
const NEWER_WAIT_MS = 10_000;

const VersionSchema = z.object({ v: z.int().min(PAYLOAD_VERSION + 1) });

/** An entry of a newer version is for a worker of that version: it is put aside, without an attempt and for as long as it takes. */
export class NewerEntry extends JobError {
  readonly outcome: RetryOutcome = { kind: 'wait', delayMs: NEWER_WAIT_MS, waited: null };

  constructor(id: string, version: number) {
    super(
      'internal',
      `Entry ${id} has version ${version} and this worker reads ${PAYLOAD_VERSION}: it waits for a newer worker.`,
    );
  }
}

/**
 * The payload of an entry.
 * @throws NewerEntry; JobError `internal`, not retryable, for what is no payload of the stage at all.
 */
export function parsePayload<P>(schema: z.ZodType<P>, stage: Stage, { id = '', data }: Job): P {
  const newer = VersionSchema.safeParse(data);
  if (newer.success) throw new NewerEntry(id, newer.data.v);
  const payload = schema.safeParse(data);
  if (payload.success) return payload.data;
  throw new JobError('internal', `The payload of ${id} is not one of ${stage}: ${payload.error.message}`, {
    retryable: false,
  });
}
