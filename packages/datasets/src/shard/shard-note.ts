import { type ObjectStore, readSealedJson, sealJson } from '@styleflow/storage';
import { z } from 'zod';
import { LABELS } from '../plan/labels.js';
import { SPLITS } from '../plan/split-words.js';

const ShardVideoSchema = z.object({
  id: z.string(),
  sha256: z.string(),
  label: z.enum(LABELS),
  method: z.string().nullable(),
  identity: z.string().nullable(),
  split: z.enum(SPLITS),
  clips: z.int(),
  /** Seconds of faces in its clips. */
  seconds: z.number(),
});
export type ShardVideo = z.infer<typeof ShardVideoSchema>;

/** What became of the videos of one shard. It is written after the shard, so whoever finds it knows that the shard is whole. */
export const ShardNoteSchema = z.object({
  v: z.literal(1),
  plan: z.string(),
  /** Null when none of its videos has a clip. */
  shard: z
    .object({ path: z.string(), bytes: z.int(), sha256: z.string(), clips: z.int(), split: z.enum(SPLITS) })
    .nullable(),
  videos: z.array(ShardVideoSchema),
  skipped: z.array(z.object({ id: z.string(), reason: z.string(), message: z.string() })),
  preprocessing: z.array(z.string()),
});
export type ShardNote = z.infer<typeof ShardNoteSchema>;

/** Everything of a data set that is being built and is none of its files. Ends in `/`. */
export const BUILDING_PREFIX = 'building/';

function noteKey(shard: string): string {
  return `${BUILDING_PREFIX}notes/${shard}.json`;
}

export async function writeNote(out: Pick<ObjectStore, 'put'>, shard: string, note: ShardNote): Promise<void> {
  await out.put(noteKey(shard), sealJson(note), 'application/json');
}

/** Null when the shard is not written yet. */
export function readNote(out: Pick<ObjectStore, 'get'>, shard: string): Promise<ShardNote | null> {
  return readSealedJson(out, noteKey(shard), (value) => ShardNoteSchema.parse(value));
}

export async function dropNote(out: Pick<ObjectStore, 'delete'>, shard: string): Promise<void> {
  await out.delete([noteKey(shard)]);
}
