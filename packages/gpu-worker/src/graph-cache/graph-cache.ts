import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileDigest, leftoverPrefix, replaceDirectory } from '@styleflow/files';
import { z } from 'zod';
import { boundFolder } from './bound-folder.js';

/** All that may be kept, in bytes: the least recently used goes first. */
export const MOST_CACHE_BYTES = 6e9;

/** What the runtime saves: the graph, and its weights in a file beside it, which it maps into memory. */
export const SAVED_GRAPH = 'graph.onnx';
export const SAVED_WEIGHTS = 'graph.data';
const ENTRY_FILE = 'entry.json';

/** What a kept graph is the form of. Whatever else is in the entry, it serves for these facts alone. */
export interface GraphFacts {
  /** The bundle's digest. */
  readonly bundle: string;
  /** The graph's path in the bundle. */
  readonly graph: string;
  readonly provider: string;
  readonly runtime: string;
  readonly processor: string;
}

const EntrySchema = z.object({
  format: z.literal(1),
  facts: z.record(z.string(), z.string()),
  files: z.partialRecord(z.enum([SAVED_GRAPH, SAVED_WEIGHTS]), z.string()),
  clipSeconds: z.number().positive(),
});

/** A graph that has scored a clip on this machine before. */
export interface KeptGraph {
  readonly graphPath: string;
  /** Seconds of the first clip that it scored. */
  readonly clipSeconds: number;
}

/**
 * Graphs as the runtime has rewritten them for this processor, one in each folder. Rewriting takes time at each start and does
 * not depend on the worker. It stays out of bundles: those are the same on every machine.
 *
 * An entry appears whole, by a rename, after its graph has scored a clip. It is read only when its facts and the digests of
 * its files are right; any other is written anew. Workers that share the folder need not know of each other.
 */
export class GraphCache {
  readonly #folder: string;
  readonly #facts: GraphFacts;
  readonly #entry: string;

  constructor(folder: string, facts: GraphFacts) {
    this.#folder = folder;
    this.#facts = facts;
    const key = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
    this.#entry = join(folder, key);
  }

  /** The kept graph; null when there is none that is whole and of these facts. */
  async find(): Promise<KeptGraph | null> {
    try {
      const text = await readFile(join(this.#entry, ENTRY_FILE), 'utf8');
      const { facts, files, clipSeconds } = EntrySchema.parse(JSON.parse(text));
      if (!isDeepStrictEqual(facts, { ...this.#facts }) || files[SAVED_GRAPH] === undefined) return null;
      for (const [name, digest] of Object.entries(files)) {
        if ((await fileDigest(join(this.#entry, name))) !== digest) return null;
      }
      const now = new Date();
      await utimes(this.#entry, now, now).catch(() => undefined);
      return { graphPath: join(this.#entry, SAVED_GRAPH), clipSeconds };
    } catch {
      return null;
    }
  }

  /**
   * Makes a folder for the runtime to save into. It is to go to `keep` or `drop`; should the process be killed, the next one
   * that keeps the same graph removes it.
   */
  begin(): Promise<string> {
    return mkdtemp(leftoverPrefix(this.#entry));
  }

  /** Puts what was saved in its place, unless another worker has kept the same, and removes what is too much. */
  async keep(saved: string, clipSeconds: number): Promise<void> {
    try {
      if ((await this.find()) === null) await this.#place(saved, clipSeconds);
      await boundFolder(this.#folder, { mostBytes: MOST_CACHE_BYTES, newest: this.#entry });
    } finally {
      await this.drop(saved);
    }
  }

  async drop(saved: string): Promise<void> {
    await rm(saved, { recursive: true, force: true });
  }

  /** Removes the entry, which is right by its digests and cannot be used all the same. */
  async forget(): Promise<void> {
    await rm(this.#entry, { recursive: true, force: true });
  }

  async #place(saved: string, clipSeconds: number): Promise<void> {
    const files: Record<string, string> = {};
    for (const name of await readdir(saved)) files[name] = await fileDigest(join(saved, name));
    const entry = EntrySchema.parse({ format: 1, facts: this.#facts, files, clipSeconds });
    await replaceDirectory(
      this.#entry,
      async (fresh) => {
        for (const name of Object.keys(files)) await rename(join(saved, name), join(fresh, name));
        await writeFile(join(fresh, ENTRY_FILE), `${JSON.stringify(entry, null, 2)}\n`);
      },
      async () => true,
    );
  }
}
