import { describe, expect, it } from 'vitest';
import { auditDeliveries, type DeliveryCall } from './audit-deliveries.js';

const jobs = [
  { id: 'job_a', run: 1, status: 'succeeded' },
  { id: 'job_b', run: 1, status: 'canceled' },
];
const call = (job: string, type: string, changes: Partial<DeliveryCall> = {}): DeliveryCall => ({
  ...{ id: `${job}_1_${type}`, type, job, run: 1, body: `${job} ${type}`, isSigned: true, answer: 'taken' },
  ...{ atMs: 3_000, happenedAtMs: 1_000, ...changes },
});
const a = (changes: Partial<DeliveryCall> = {}) => call('job_a', 'job.succeeded', changes);
const b = (changes: Partial<DeliveryCall> = {}) => call('job_b', 'job.canceled', changes);
const kindsOf = (calls: readonly DeliveryCall[]): string[] =>
  auditDeliveries(jobs, calls).findings.map(({ kind }) => kind);

describe('the audit of deliveries', () => {
  it('takes repetitions, and counts those of what had been taken', () => {
    const calls = [a({ answer: 'refused', atMs: 1_100 }), a(), b({ answer: 'hung' }), b({ atMs: 7_000 }), b()];
    expect(auditDeliveries(jobs, calls)).toEqual({
      findings: [],
      events: 2,
      calls: 5,
      duplicates: 1,
      longestSeconds: 6,
    });
  });

  it('finds an event that was never taken, and one that did not happen', () => {
    expect(kindsOf([a()])).toEqual(['undelivered']);
    expect(kindsOf([a(), b({ answer: 'refused' })])).toEqual(['undelivered']);
    expect(kindsOf([a(), b(), call('job_b', 'job.succeeded')])).toEqual(['other-event']);
    expect(kindsOf([a(), b(), call('job_c', 'job.failed')])).toEqual(['other-event']);
    expect(kindsOf([a(), b(), b({ run: 2, id: 'second' })])).toEqual(['other-event']);
  });

  it('finds a wrong signature, also of a call that was not taken', () => {
    expect(kindsOf([a({ isSigned: false, answer: 'refused' }), a(), b()])).toEqual(['unsigned']);
  });

  it('finds ids and bodies that are not the same in every attempt, and ids that are shared', () => {
    expect(kindsOf([a({ id: 'another', answer: 'refused' }), a(), b()])).toEqual(['unstable-id']);
    expect(kindsOf([a({ body: 'another', answer: 'refused' }), a(), b()])).toEqual(['unstable-body']);
    expect(kindsOf([a({ id: 'shared' }), b({ id: 'shared' })])).toEqual(['shared-id']);
  });
});
