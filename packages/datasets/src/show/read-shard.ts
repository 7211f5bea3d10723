import { createHash } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { LABELS } from '../plan/labels.js';

/** What is shown of `KEY.json`; forged clips have the same fields. */
const ShownFactsSchema = z.looseObject({
  label: z.enum(LABELS),
  split: z.string(),
  method: z.string().nullish(),
  identity: z.string().nullish(),
  id: z.string().nullish(),
  video: z.string(),
  seconds: z.array(z.number()).optional(),
  points: z.array(z.array(z.array(z.number()))).optional(),
  measured: z.array(z.boolean()).optional(),
});
export type ShownFacts = z.infer<typeof ShownFactsSchema>;

/** A clip as it lies in a shard. */
export interface ShardSample {
  readonly key: string;
  readonly facts: ShownFacts;
  /** `KEY.clip` as it is stored; null in a data set of codes alone. */
  readonly clip: Uint8Array | null;
  readonly hasCodes: boolean;
}

/** A shard's bytes while they are read: how many, and their SHA-256 once all were. */
export interface ReadBytes {
  bytes: number;
  sha256: string | null;
}

/**
 * The samples of a shard, one after the other; it holds one.
 * @throws JobError `invalid_request` that names the shard when it is missing, cut short or no tar.
 */
export async function* readShard(
  store: Pick<ObjectStore, 'getStream'>,
  path: string,
  read: ReadBytes = { bytes: 0, sha256: null },
): AsyncGenerator<ShardSample, void> {
  const object = await store.getStream(path);
  if (object === null) throw broken(path, 'is missing');
  const hash = createHash('sha256');
  const tar = extract();
  async function* counted(): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of object?.stream ?? []) {
      read.bytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  }
  const pump = (async () => {
    for await (const chunk of counted())
      if (!tar.write(chunk)) await new Promise<void>((go) => tar.once('drain', () => go()));
    tar.end(null);
  })();
  pump.catch((error: Error) => tar.destroy(error));
  let open = null as { key: string; files: Map<string, Uint8Array> } | null;
  try {
    for await (const entry of tar) {
      const { name } = entry.header;
      const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
      const [key, ending] = [name.slice(0, dot), name.slice(dot + 1)];
      if (open !== null && open.key !== key) yield sampleOf(path, open);
      if (open?.key !== key) open = { key, files: new Map() };
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      open.files.set(ending, Buffer.concat(chunks));
    }
    await pump;
    if (open !== null) yield sampleOf(path, open);
    read.sha256 = hash.digest('hex');
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw broken(path, `is cut short or no tar (${error instanceof Error ? error.message : error})`);
  } finally {
    object.stream.destroy();
    tar.destroy();
  }
}

function sampleOf(shard: string, { key, files }: { key: string; files: Map<string, Uint8Array> }): ShardSample {
  const json = files.get('json');
  if (json === undefined) throw broken(shard, `has no ${key}.json`);
  const facts = ShownFactsSchema.safeParse(JSON.parse(Buffer.from(json).toString('utf8')));
  if (!facts.success) throw broken(shard, `has a ${key}.json that says not what a sample is`);
  return { key, facts: facts.data, clip: files.get('clip') ?? null, hasCodes: files.has('codes.npy') };
}

function broken(shard: string, what: string): JobError {
  return new JobError('invalid_request', `the shard ${shard} ${what}`);
}
