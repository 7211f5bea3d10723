import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { checkpointError, PositionalFile, printShape } from '@styleflow/files';
import { TensorProto_DataType as DataType, type Piece } from '@styleflow/onnx';

/** Where a tensor says that its values lie. */
export interface ExternalTensor {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly bigint[];
  /** The keys `location`, `offset` and `length`, with their values. */
  readonly external: ReadonlyMap<string, string>;
}

/** A place in the one data file of the bundle. */
export interface WeightPlace {
  readonly offset: number;
  readonly length: number;
}

/** Weights begin at page boundaries, so that they can be mapped into memory. */
const PAGE_BYTES = 4096;
/** Enough for models of older exporters, which write one file for each weight. */
const MOST_FILES = 4096;

const BITS: ReadonlyMap<number, number> = new Map([
  [DataType.FLOAT, 32],
  [DataType.DOUBLE, 64],
  [DataType.FLOAT16, 16],
  [DataType.BFLOAT16, 16],
  [DataType.INT8, 8],
  [DataType.UINT8, 8],
  [DataType.BOOL, 8],
  [DataType.INT16, 16],
  [DataType.UINT16, 16],
  [DataType.INT32, 32],
  [DataType.UINT32, 32],
  [DataType.INT64, 64],
  [DataType.UINT64, 64],
  [DataType.COMPLEX64, 64],
  [DataType.COMPLEX128, 128],
  [DataType.FLOAT8E4M3FN, 8],
  [DataType.FLOAT8E4M3FNUZ, 8],
  [DataType.FLOAT8E5M2, 8],
  [DataType.FLOAT8E5M2FNUZ, 8],
  [DataType.INT4, 4],
  [DataType.UINT4, 4],
]);

/**
 * Gathers the weights that lie in files beside a foreign model into one file of the bundle. The model's claims are not
 * trusted: only files below its own folder are opened, and only what they really hold is copied.
 */
export class ExternalWeights {
  readonly #modelPath: string;
  readonly #files = new Map<string, { readonly path: string; readonly file: PositionalFile }>();
  readonly #places = new Map<string, WeightPlace>();
  readonly #pieces: Piece[] = [];
  #bytes = 0;

  constructor(modelPath: string) {
    this.#modelPath = modelPath;
  }

  /** The content of the data file; empty when all weights lie in the model. */
  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Paths of the files that are read, with links followed. */
  get paths(): readonly string[] {
    return [...this.#files.values()].map(({ path }) => path);
  }

  /**
   * Gives a weight its place in the data file. Weights of the same range share one place.
   * @throws JobError `invalid_request` naming the weight when its file is missing, outside the folder or too short.
   */
  async place({ name, dataType, dims, external }: ExternalTensor): Promise<WeightPlace> {
    const location = external.get('location') ?? '';
    const file = await this.#open(location, name);
    const needed = byteLength(dataType, dims);
    const offset = wholeNumber(external.get('offset') ?? '0');
    const length = wholeNumber(external.get('length') ?? String(needed));
    if (offset === undefined || length === undefined || length !== needed) {
      throw checkpointError(
        `${name} ${printShape(dims.map(String))} needs ${needed ?? 'an unknown number of'} bytes, the model says ${external.get('length') ?? 'nothing'} at offset ${external.get('offset') ?? 0} of ${location}`,
      );
    }
    if (offset + length > file.size) {
      throw checkpointError(
        `${location} is cut short: ${name} lies at ${offset} to ${offset + length}, the file has ${file.size} bytes`,
      );
    }
    const key = `${location}\0${offset}\0${length}`;
    const known = this.#places.get(key);
    if (known) return known;
    const place = { offset: this.#bytes, length };
    const padding = (PAGE_BYTES - (length % PAGE_BYTES)) % PAGE_BYTES;
    this.#pieces.push({ file, start: offset, byteLength: length }, new Uint8Array(padding));
    this.#places.set(key, place);
    this.#bytes += length + padding;
    this.#refuseOverlaps();
    return place;
  }

  async close(): Promise<void> {
    for (const { file } of this.#files.values()) await file.close();
  }

  /** Refuses ranges that overlap: they would let a small file fill the disk. */
  #refuseOverlaps(): void {
    const held = [...this.#files.values()].reduce((sum, { file }) => sum + file.size, 0);
    if (this.#bytes <= held + this.#places.size * PAGE_BYTES) return;
    throw checkpointError(
      `the weights outside the model overlap: they would take more than the ${held} bytes of their files`,
    );
  }

  async #open(location: string, name: string): Promise<PositionalFile> {
    const known = this.#files.get(location);
    if (known) return known.file;
    const isPlain =
      location !== '' && !/^[\\/]|^[A-Za-z]:|\0/.test(location) && !location.split(/[\\/]/).includes('..');
    if (!isPlain) {
      throw checkpointError(`${name} lies in "${location}": only files below the model's own folder are read`);
    }
    if (this.#files.size === MOST_FILES) throw checkpointError(`the weights lie in more than ${MOST_FILES} files`);
    const path = await realpath(join(dirname(this.#modelPath), location)).catch((error: unknown) => {
      throw checkpointError(`${name} lies in ${location}, which must stand beside the model and does not`, error);
    });
    // Caches keep the model itself as a link. So a weight's link may lead into the folder of the model's link or into
    // that of its target, and nowhere else.
    const roots = [await realpath(dirname(this.#modelPath)), dirname(await realpath(this.#modelPath))];
    if (!roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep))) {
      throw checkpointError(`${name} lies in ${location}, a link that leads out of the model's folder`);
    }
    const file = await PositionalFile.open(path);
    this.#files.set(location, { path, file });
    return file;
  }
}

/** Undefined when the type is unknown or the count is larger than a number can hold. */
function byteLength(dataType: number, dims: readonly bigint[]): number | undefined {
  const bits = BITS.get(dataType);
  if (bits === undefined) return undefined;
  const bytes = (dims.reduce((product, dim) => product * dim, 1n) * BigInt(bits) + 7n) / 8n;
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : undefined;
}

function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
