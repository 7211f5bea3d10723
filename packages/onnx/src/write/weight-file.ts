import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Initializer, OnnxGraph } from '../graph/onnx-graph.js';
import { type ExternalPlace, initializerByteLength, initializerBytes } from './encode-model.js';

/** Smaller weights stay in the model file, because shape inference needs to see some of them. */
const SMALLEST_EXTERNAL_BYTES = 2 ** 16;
/** External weights begin at page boundaries, so that they can be mapped into memory. */
const PAGE_BYTES = 4096;

/**
 * The file that holds the large weights of several graphs. A graph and its parts share weights: equal bytes lie in the
 * file once, whatever graphs and names they belong to.
 */
export class WeightFile {
  readonly #name: string;
  readonly #file: FileHandle;
  /** The digest of everything before `#end`. */
  #hash: Hash = createHash('sha256');
  #end = 0;
  readonly #offsets = new Map<string, number>();
  /** Weights that were written for a graph before need not be read to be known. */
  readonly #known = new Map<Initializer['weight'], { readonly type: Initializer['type']; readonly offset: number }>();

  private constructor(name: string, file: FileHandle) {
    this.#name = name;
    this.#file = file;
  }

  /** Makes a new file. */
  static async create(directory: string, name: string): Promise<WeightFile> {
    return new WeightFile(name, await open(join(directory, name), 'wx'));
  }

  /** Writes the graph's large weights that are not in the file yet, and tells where each lies. */
  async place(graph: OnnxGraph): Promise<Map<string, ExternalPlace>> {
    const places = new Map<string, ExternalPlace>();
    for (const initializer of graph.initializers) {
      if (initializerByteLength(initializer) < SMALLEST_EXTERNAL_BYTES) continue;
      const { name, type, weight } = initializer;
      const known = this.#known.get(weight);
      const offset = known?.type === type ? known.offset : await this.#append(initializer);
      this.#known.set(weight, { type, offset });
      places.set(name, { location: this.#name, offset });
    }
    return places;
  }

  /**
   * Writes a weight behind `#end`. Only when it has been read does its digest show whether the file holds these bytes
   * already. `#end` moves past a new weight; a known one is overwritten by the next.
   */
  async #append(initializer: Initializer): Promise<number> {
    const hash = this.#hash.copy();
    const own = createHash('sha256');
    let at = this.#end;
    const write = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes);
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
      at += bytes.length;
    };
    for await (const piece of initializerBytes(initializer)) {
      own.update(piece);
      await write(piece);
    }
    const digest = own.digest('hex');
    const known = this.#offsets.get(digest);
    if (known !== undefined) return known;
    const offset = this.#end;
    await write(new Uint8Array((PAGE_BYTES - (at % PAGE_BYTES)) % PAGE_BYTES));
    this.#hash = hash;
    this.#end = at;
    this.#offsets.set(digest, offset);
    return offset;
  }

  /**
   * Cuts off what lies behind the end. The file is on the disk when this returns.
   * @returns its SHA-256 in hex.
   */
  async close(): Promise<string> {
    try {
      await this.#file.truncate(this.#end);
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    return this.#hash.digest('hex');
  }
}
