import { JOB_CATALOG, JobError, STAGES } from '@styleflow/contracts';
import { drawn } from '@styleflow/testing';
import type { Job } from 'bullmq';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NewerEntry, parsePayload } from './newer-entry.js';
import { readWaited } from './waited.js';

const JOB = 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
/** Whatever may lie in the queue: of another version, of another program, damaged. */
const data = fc.oneof(
  fc.anything(),
  fc.jsonValue(),
  fc.record(
    {
      v: fc.oneof(fc.constantFrom(1, 2, 99), fc.anything()),
      job: fc.oneof(fc.constant(JOB), fc.anything()),
      run: fc.oneof(fc.constant(1), fc.anything()),
      trace: fc.anything(),
      track: fc.oneof(fc.nat(), fc.anything()),
      clip: fc.oneof(fc.nat(), fc.anything()),
      keepCrops: fc.oneof(fc.boolean(), fc.anything()),
      waited: fc.oneof(
        fc.anything(),
        fc.record({ away: fc.string(), since: fc.integer(), times: fc.integer(), reason: fc.anything() }),
      ),
    },
    { requiredKeys: [] },
  ),
);

it('the payload of an entry is read, left for a newer worker, or refused for good, whatever it holds', () => {
  const met = { read: 0, newer: 0, refused: 0 };
  fc.assert(
    fc.property(data, fc.constantFrom(...STAGES), (value, stage) => {
      try {
        const { payload: schema, version } = JOB_CATALOG[stage];
        const { v } = parsePayload<{ v: number }>(schema, stage, { id: 'x', data: value } as Job);
        expect(v).toBeLessThanOrEqual(version);
        met.read += 1;
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        if (error instanceof NewerEntry) met.newer += 1;
        else {
          expect(error).toMatchObject({ code: 'internal', retryable: false });
          met.refused += 1;
        }
      }
    }),
    drawn(10),
  );
  expect(Object.values(met).every((count) => count > 0)).toBe(true);
});

it('what an entry waited for is read, or counts as nothing', () => {
  fc.assert(
    fc.property(data, (value) => {
      const waited = readWaited(value);
      if (waited !== null) expect(waited.times).toBeGreaterThanOrEqual(0);
    }),
    drawn(5),
  );
});
