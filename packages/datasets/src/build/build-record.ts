import { JobError } from '@styleflow/contracts';
import { type ObjectStore, readSealedJson, sealJson } from '@styleflow/storage';
import { z } from 'zod';
import type { DatasetPlan } from '../plan/plan-dataset.js';
import { BUILDING_PREFIX } from '../shard/shard-note.js';

const BuildRecordSchema = z.object({
  v: z.literal(1),
  plan: z.string(),
  /** The batch that analyses its videos; null before it was submitted. */
  batch: z.string().nullable(),
  /** The shards whose videos are in that batch, where an earlier one is gone; else all. */
  shards: z.array(z.string()).optional(),
  /** Videos that are left out because the same bytes are there already. */
  excluded: z.array(z.string()),
});
/** What a build goes on with, here or on another machine. */
export type BuildRecord = z.infer<typeof BuildRecordSchema>;

const KEY = `${BUILDING_PREFIX}build.json`;

export function newRecord({ digest }: Pick<DatasetPlan, 'digest'>): BuildRecord {
  return { v: 1, plan: digest, batch: null, excluded: [] };
}

/**
 * The record of the data set's build; null when none was begun.
 * @throws JobError `conflict` when another data set is there.
 */
export async function readBuildRecord(
  out: Pick<ObjectStore, 'get' | 'address'>,
  plan: Pick<DatasetPlan, 'digest'>,
): Promise<BuildRecord | null> {
  const record = await readSealedJson(out, KEY, (value) => BuildRecordSchema.parse(value));
  if (record === null || record.plan === plan.digest) return record;
  throw new JobError(
    'conflict',
    `${out.address} holds another data set: its manifest, options, seed or pSp are others (plan ${record.plan.slice(0, 12)}, this is ${plan.digest.slice(0, 12)}); choose another --out`,
  );
}

export async function writeBuildRecord(out: Pick<ObjectStore, 'put'>, record: BuildRecord): Promise<void> {
  await out.put(KEY, sealJson(record), 'application/json');
}
