import { itemJobId, mintBatchId, mintJobId } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { auditNothingLeft, auditRemains, type Remains } from './audit-remains.js';
import type { RedisRemains } from './read-redis.js';

const batch = mintBatchId();
const other = mintJobId();
const stranger = mintJobId();
const job = (index: number): string => itemJobId(batch, index);
const ADMITTED = 3;
const expected = { batch, admitted: ADMITTED, hasResult: (index: number) => index !== 2, others: new Set([other]) };

const redis: RedisRemains = {
  entries: [],
  records: [other],
  archived: [job(0), job(1), job(2)],
  batchKeys: [batch, `${batch}/stored`],
  unfinished: [],
  turns: [`${other}.1.prepare`],
  otherKeys: [`{styleflow}/job/${other}/events`, `{styleflow}/jobs/batch/${batch}/succeeded`],
};
const objects = [
  ...[0, 1, 2].map((index) => `jobs/${job(index)}/runs/1/record.json`),
  ...[0, 1].map((index) => `jobs/${job(index)}/result.json`),
  `jobs/${other}/result.json`,
  `batches/${batch}/rows/000000.ndjson`,
];
const good: Remains = { redis, objects };

const kinds = (findings: readonly { readonly kind: string }[]): string[] => [
  ...new Set(findings.map(({ kind }) => kind)),
];
const ofRedis = (changes: Partial<RedisRemains>): string[] =>
  kinds(auditRemains({ ...good, redis: { ...redis, ...changes } }, expected));
const ofStore = (changed: readonly string[]): string[] => kinds(auditRemains({ ...good, objects: changed }, expected));

describe('the audit of what a batch leaves', () => {
  it('finds nothing where all is as it must be', () => {
    expect(auditRemains(good, expected)).toEqual([]);
  });

  it('finds what Redis should not hold any more', () => {
    expect(ofRedis({ entries: [`${job(0)}.1.prepare`] })).toEqual(['left-entry']);
    expect(ofRedis({ batchKeys: [batch, `${batch}/rows/0`] })).toEqual(['left-window']);
    expect(ofRedis({ unfinished: [job(1)] })).toEqual(['left-window']);
    expect(ofRedis({ records: [job(1)] })).toEqual(['left-record']);
    expect(ofRedis({ otherKeys: [`{styleflow}/secrets/${job(1)}`] })).toEqual(['left-key']);
  });

  it('finds jobs that nobody submitted, and items that were never admitted', () => {
    expect(ofRedis({ records: [stranger] })).toEqual(['doubled-job']);
    expect(ofRedis({ archived: [job(ADMITTED)] })).toEqual(['doubled-job']);
    expect(ofStore([...objects, `jobs/${stranger}/result.json`])).toEqual(['doubled-job']);
    expect(ofStore([...objects, `jobs/${job(ADMITTED)}/job.json`])).toEqual(['doubled-job']);
  });

  it('finds records and results that are lost, second runs, and objects that stay', () => {
    expect(ofStore(objects.slice(1))).toEqual(['lost-record']);
    expect(ofStore(objects.filter((key) => !key.endsWith(`${job(1)}/result.json`)))).toEqual(['lost-result']);
    expect(ofStore([...objects, `jobs/${job(0)}/runs/2/record.json`])).toEqual(['doubled-run']);
    expect(ofStore([...objects, `jobs/${job(0)}/runs/1/clips/0.0`])).toEqual(['left-object']);
    expect(ofStore([...objects, 'uploads/many/upl_1'])).toEqual(['left-object']);
  });

  it('finds everything of a batch that was deleted, and nothing of others', () => {
    expect(kinds(auditNothingLeft(good, batch))).toEqual(['left-key', 'left-object']);
    expect(auditNothingLeft(good, mintBatchId())).toEqual([]);
    const nothing = {
      entries: [],
      records: [other],
      archived: [],
      batchKeys: [],
      unfinished: [],
      turns: [],
      otherKeys: [],
    };
    expect(auditNothingLeft({ redis: nothing, objects: [] }, batch)).toEqual([]);
    const entry = { redis: { ...nothing, entries: [`${job(0)}.1.finish`] }, objects: [] };
    expect(kinds(auditNothingLeft(entry, batch))).toEqual(['left-entry']);
    const turn = { redis: { ...nothing, turns: [`${job(0)}.1.prepare`] }, objects: [] };
    expect(kinds(auditNothingLeft(turn, batch))).toEqual(['left-turn']);
  });
});
