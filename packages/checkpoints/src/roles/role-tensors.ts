import type { JobError } from '@styleflow/contracts';
import { checkpointError, computedWeight, elementCount, printShape, type Weight } from '@styleflow/files';
import type { TensorSource } from '../tensors/tensor-source.js';
import { withoutWrappers } from '../tensors/wrapper-segments.js';

/** A shape that a network expects. `*` stands where the checkpoint decides the length. */
export type ExpectedShape = readonly (number | '*')[];

/** A stretch of a tensor in row-major order. */
export interface Stretch {
  readonly name: string;
  readonly start: number;
  readonly count: number;
}

/** Values read at once while a large tensor streams by (16 MiB). */
const PIECE_VALUES = 4 * 2 ** 20;

/** Variances are never negative. */
const VARIANCE = /(^|\.)running_var$/;

/** Training state, which a serving graph does not use. */
const TRAINING_ONLY = /(^|\.)num_batches_tracked$/;

/**
 * The tensors of one role of a checkpoint, by the names in the network's code (without the checkpoint's prefix). Each
 * shape is checked when it is asked for. What was asked for is recorded, so that a tensor that is missing, left over or
 * of another shape is refused by its name.
 */
export class RoleTensors {
  readonly #source: TensorSource;
  readonly #label: string;
  readonly #prefix: string;
  /** The file's names by the network's own, where wrappers stand in them. */
  readonly #wrapped: ReadonlyMap<string, string>;
  readonly #used = new Set<string>();

  /**
   * `label` names file and role in errors; `prefix` stands before every name of the role in the source.
   * @throws JobError `invalid_request` when two of its names are one but for wrappers.
   */
  constructor(source: TensorSource, label: string, prefix = '') {
    this.#source = source;
    this.#label = label;
    this.#prefix = prefix;
    this.#wrapped = findWrapped(source.names(), prefix, label);
  }

  has(name: string): boolean {
    return this.#source.shape(this.fullName(name)) !== undefined;
  }

  /** The tensor's shape. @throws JobError `invalid_request` when it is missing or not as expected. */
  shape(name: string, expected: ExpectedShape): readonly number[] {
    const full = this.fullName(name);
    const shape = this.#source.shape(full);
    if (!shape) throw checkpointError(`${this.#label}: tensor ${full} is missing (expected ${printShape(expected)})`);
    const fits = shape.length === expected.length && expected.every((dim, axis) => dim === '*' || dim === shape[axis]);
    if (fits && shape.includes(0)) {
      throw checkpointError(`${this.#label}: tensor ${full} ${printShape(shape)} holds no values`);
    }
    if (!fits) {
      throw checkpointError(
        `${this.#label}: tensor ${full} has the shape ${printShape(shape)}, expected ${printShape(expected)}`,
      );
    }
    this.#used.add(full);
    return shape;
  }

  /** The tensor in its own shape, or in another of as many values. */
  weight(name: string, expected: ExpectedShape, as?: readonly number[]): Weight {
    const shape = this.shape(name, expected);
    const count = elementCount(shape);
    if (as && elementCount(as) !== count) throw new RangeError(`${name} ${printShape(shape)} is no ${printShape(as)}`);
    return this.assembled(as ?? shape, [{ name, start: 0, count }]);
  }

  /** Stretches of tensors as one weight, one after the other. */
  assembled(shape: readonly number[], stretches: readonly Stretch[]): Weight {
    const read = (name: string, start: number, count: number) => this.#readPart(name, start, count);
    return {
      shape,
      async *pieces() {
        for (const { name, start, count } of stretches) {
          for (let done = 0; done < count; done += PIECE_VALUES) {
            yield await read(name, start + done, Math.min(PIECE_VALUES, count - done));
          }
        }
      },
    };
  }

  /** A matrix [out, in] as [in, out], optionally scaled. */
  transposed(name: string, expected: readonly [number | '*', number | '*'], scale = 1): Weight {
    const [rows = 0, columns = 0] = this.shape(name, expected);
    return computedWeight([columns, rows], async () => {
      const values = await this.read(name);
      const turned = new Float32Array(values.length);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          turned[column * rows + row] = (values[row * columns + column] ?? 0) * scale;
      return turned;
    });
  }

  /**
   * Reads all values of a tensor whose shape was asked for before.
   * @throws JobError `invalid_request` for NaN, an infinity or a negative variance: no trained network has them, and
   * they would make every score NaN.
   */
  read(name: string): Promise<Float32Array> {
    return this.#readPart(name);
  }

  async #readPart(name: string, start?: number, count?: number): Promise<Float32Array> {
    const full = this.fullName(name);
    const values = await this.#source.read(full, start, count);
    const at = firstUnusable(values, VARIANCE.test(name));
    if (at < 0) return values;
    const wrong = `tensor ${full} holds ${values[at]} (value ${at + (start ?? 0)})`;
    const rule = Number.isFinite(values[at]) ? 'a variance is never negative' : 'weights are finite numbers';
    throw checkpointError(`${this.#label}: ${wrong}, but ${rule}: the training failed or the file is damaged`);
  }

  /**
   * The refusal of a tensor whose shape fits but whose meaning does not. `why` continues after the name of the file and
   * the role.
   */
  refusal(why: string): JobError {
    return checkpointError(`${this.#label}: ${why}`);
  }

  /** The tensor's name as the file has it. */
  fullName(name: string): string {
    return this.#wrapped.get(name) ?? this.#prefix + name;
  }

  /** Full names of the tensors used so far. */
  used(): string[] {
    return [...this.#used];
  }

  /** Refuses tensors of the role that the network did not ask for, except those that `allowed` matches. */
  refuseExtra(allowed?: RegExp): void {
    const extra = this.#source
      .names()
      .filter((name) => name.startsWith(this.#prefix) && !this.#used.has(name) && !TRAINING_ONLY.test(name))
      .filter((name) => !allowed?.test(withoutWrappers(name)));
    const [first] = extra;
    if (first === undefined) return;
    const more = extra.length > 1 ? ` and ${extra.length - 1} more` : '';
    const shape = printShape(this.#source.shape(first) ?? []);
    throw checkpointError(`${this.#label}: tensor ${first} ${shape}${more} does not belong to this network`);
  }
}

function findWrapped(names: readonly string[], prefix: string, label: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const all = new Set(names);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const own = withoutWrappers(name.slice(prefix.length));
    if (prefix + own === name) continue;
    const other = found.get(own) ?? (all.has(prefix + own) ? prefix + own : undefined);
    if (other !== undefined)
      throw checkpointError(`${label}: tensor ${own} is there twice, as ${other} and as ${name}`);
    found.set(own, name);
  }
  return found;
}

/** Index of the first value that is not finite or, in a variance, negative; −1 when there is none. */
function firstUnusable(values: Float32Array, isVariance: boolean): number {
  const least = isVariance ? 0 : Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    // `value - value` is 0 for every number except NaN and the infinities.
    if (value - value !== 0 || value < least) return at;
  }
  return -1;
}
