/**
 * Named tensors, whether from a checkpoint file or a seeded generator. A source promises values as float32 in row-major
 * order, whatever their stored type, and reads nothing before `read`. It does not know what a network does with them.
 */
export interface TensorSource {
  /** All names, in the order of the source. */
  names(): readonly string[];
  /** Undefined when there is no such tensor. */
  shape(name: string): readonly number[] | undefined;
  /** `count` values from the `start`-th on (in row-major order); all of them by default. */
  read(name: string, start?: number, count?: number): Promise<Float32Array>;
}
