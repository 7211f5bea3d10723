import { JobError } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { z } from 'zod';
import { LABELS } from '../plan/labels.js';
import { SPLITS } from '../plan/split-words.js';

const CountsSchema = z.object({ videos: z.int(), clips: z.int(), hours: z.number() });
export type Counts = z.infer<typeof CountsSchema>;

const Sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** `dataset.json`. Trainers read `format` and `shards`; the rest is for people and for repeating it. */
export const DatasetManifestSchema = z.looseObject({
  format: z.literal(1),
  plan: z.string().optional(),
  splits: z
    .looseObject({
      madeBy: z.string(),
      isIdentityDisjoint: z.boolean(),
      notes: z.array(z.string()),
    })
    .optional(),
  counts: z
    .array(CountsSchema.extend({ split: z.enum(SPLITS), label: z.enum(LABELS), method: z.string().nullable() }))
    .optional(),
  shards: z.array(
    z.looseObject({
      path: z.string(),
      bytes: z.int(),
      sha256: Sha256Schema,
      clips: z.int().optional(),
    }),
  ),
});
export type DatasetManifest = z.infer<typeof DatasetManifestSchema>;

export const DATASET_FILE = 'dataset.json';

/** @throws JobError `not_found` when there is no data set, `invalid_request` when its manifest is none. */
export async function readDatasetManifest(store: Pick<ObjectStore, 'get' | 'address'>): Promise<DatasetManifest> {
  const bytes = await store.get(DATASET_FILE);
  if (bytes === null) {
    throw new JobError(
      'not_found',
      `${store.address} is no data set: it has no ${DATASET_FILE}; a build writes it last`,
    );
  }
  try {
    return DatasetManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new JobError('invalid_request', `${DATASET_FILE} in ${store.address} lists no shards as expected`, { cause });
  }
}
