/**
 * The few words of WebAssembly's binary format (core specification 2.0, with its vector instructions) that are written here: a module
 * of one function over memory that is handed to it. So there is neither a compiler to install nor a binary file in the sources.
 */

export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;
const VECTOR = 0xfd;
const [NOTHING, END] = [0x40, 0x0b] as const;

/** A number of any size, seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

const vector =
  (word: number) =>
  (...operands: number[]): Code => [VECTOR, ...unsigned(word), ...operands];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const number = (value: number): Code => [0x41, ...signed(value)];
export const add: Code = [0x6a];
export const subtract: Code = [0x6b];
export const multiply: Code = [0x6c];
export const and: Code = [0x71];
export const or: Code = [0x72];
export const shiftLeft: Code = [0x74];
export const shiftRight: Code = [0x75];
const isLess: Code = [0x48];
const branchIf = (depth: number): Code => [0x0d, ...unsigned(depth)];
/** The number at an address, which lies at a multiple of four, and `offset`. */
export const load = (offset: number): Code => [0x28, 2, ...unsigned(offset)];

/** The byte at an address and `offset`, as a number. */
export const loadByte = (offset: number): Code => [0x2d, 0, ...unsigned(offset)];
/** The lowest byte of a number to an address and `offset`. */
export const storeByte = (offset: number): Code => [0x3a, 0, ...unsigned(offset)];
/** Sixteen bytes from any address and `offset` on. */
export const loadSixteen = (offset: number): Code => [...vector(0x00)(0, ...unsigned(offset))];
/** All sixteen bytes to any address and `offset`. */
export const storeSixteen = (offset: number): Code => [...vector(0x0b)(0, ...unsigned(offset))];
/** Eight bytes from any address on, then eight of zero. */
export const loadEight: Code = vector(0x5d)(0, 0);
/** The vector's first four bytes to any address and `offset`. */
export const storeFour = (offset: number): Code => [...vector(0x5a)(0, ...unsigned(offset)), 0];
/** Picks 16 bytes of two vectors, by their numbers from 0 to 31. */
export const shuffle = (...lanes: number[]): Code => vector(0x0d)(...lanes);
/** A number four times. */
export const four: Code = vector(0x11)();
export const addFour: Code = vector(0xae)();
export const shiftFourRight: Code = vector(0xad)();
/** Of 8 numbers of 16 bits each, the products by pairs, each pair added up. */
export const dot: Code = vector(0xba)();

/** Of numbers of 16 bits, eight in a vector, signed: one of them eight times; sum, difference and product; each shifted right. */
export const eight: Code = vector(0x10)();
export const addEight: Code = vector(0x8e)();
export const subtractEight: Code = vector(0x91)();
export const multiplyEight: Code = vector(0x95)();
export const shiftEightRight: Code = vector(0x8c)();
/** Bytes as numbers of 16 bits: the lower eight of them, the upper eight. */
export const lowerBytes: Code = vector(0x89)();
export const upperBytes: Code = vector(0x8a)();
/** Two vectors of numbers of 16 bits as sixteen bytes, each within 0..255. */
export const toBytes: Code = vector(0x66)();
/** Bytes of the first vector by their numbers in the second; 0 for a number beyond 15. */
export const pick: Code = vector(0x0e)();
/** Sixteen bytes as they stand here. */
export const sixteen = (...bytes: number[]): Code => vector(0x0c)(...bytes);
export const zeros: Code = sixteen(...new Array<number>(16).fill(0));

/** Copies so many bytes: takes where to, where from, how many. */
export const copyBytes: Code = [0xfc, 0x0a, 0, 0];

/** Repeats `body`, which raises the local by `step` at its end, as long as it is less than `limit`; once at least. */
export function repeat(local: number, step: number, limit: Code, body: readonly Code[]): Code {
  const next = [...get(local), ...number(step), ...add, ...set(local)];
  return [0x03, NOTHING, ...body.flat(), ...next, ...get(local), ...limit, ...isLess, ...branchIf(0), END];
}

/**
 * A module that imports memory as `in.memory` and exports `run`.
 * @param parameters how many numbers it takes; they are its first locals.
 * @param numbers how many more numbers it has, which follow.
 * @param body its code.
 * @param vectors how many vectors it has; as locals they come last.
 */
export function moduleOf(
  parameters: number,
  numbers: number,
  body: readonly Code[],
  vectors = 0,
): Uint8Array<ArrayBuffer> {
  const text = (word: string): number[] => [word.length, ...Buffer.from(word, 'latin1')];
  const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
  const code = [2, ...unsigned(numbers), I32, ...unsigned(vectors), V128, ...body.flat(), END];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(I32), 0]),
    ...section(2, [1, ...text('in'), ...text('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** What is used of the language's WebAssembly; its types belong to browsers. */
interface Assembly {
  validate(module: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (module: Uint8Array<ArrayBuffer>) => object;
  readonly Memory: new (pages: { initial: number }) => KernelMemory;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { run(...parameters: number[]): void } };
}

/** A kernel's memory. Growing it, by pages, gives it another buffer. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface Kernel {
  readonly memory: KernelMemory;
  readonly run: (...parameters: number[]) => void;
}

export const PAGE_BYTES = 65_536;

/** A module of `moduleOf` with memory of at least so many bytes; null on a processor without vectors. */
export function openKernel(code: Uint8Array<ArrayBuffer>, bytes: number): Kernel | null {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Assembly };
  if (!WebAssembly.validate(code)) return null;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  return { memory, run: addKernel(code, memory) };
}

/** Another module over the same memory. */
export function addKernel(code: Uint8Array<ArrayBuffer>, memory: KernelMemory): Kernel['run'] {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Assembly };
  return new WebAssembly.Instance(new WebAssembly.Module(code), { in: { memory } }).exports.run;
}
