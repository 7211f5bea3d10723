import { checkpointError, type PositionalFile } from '@styleflow/files';
import { TensorReference, UnreadableTensor } from '../pickle/pickle-values.js';
import { AVERAGED, recogniseNetwork } from '../tensors/known-networks.js';

/** Keys under which trainers put the weights beside other things. */
const WRAPPINGS = new Set(['state_dict', 'model_state_dict', 'model', 'net', 'network', 'module', 'weights', 'params']);

/** Levels of wrappings in wrappings that are searched; no trainer makes as many. */
const DEEPEST = 4;
/** A trainer may save (weights, step), so the root may be a list of this length. Nothing below it may. */
const LONGEST_LIST = 16;

/** How many keys a message shows of a file without tensors. */
const KEYS_SHOWN = 8;

type NamedTensors = ReadonlyMap<string, TensorReference | UnreadableTensor>;

/** The dict of tensors of a checkpoint, found inside what wraps it. */
export interface StateDict {
  /** The keys that led to the dict, outermost first. */
  readonly wrapping: readonly string[];
  /** Keys that lie beside the dict and are not used (`epoch`, `latent_avg`, `opts`). */
  readonly beside: readonly string[];
  readonly tensors: NamedTensors;
}

/**
 * The encoder that pixel2style2pixel and its relatives name in the options beside the weights; undefined without such
 * options.
 */
export function encoderTypeOf(root: unknown): string | undefined {
  const options = root instanceof Map ? root.get('opts') : undefined;
  const type = options instanceof Map ? options.get('encoder_type') : undefined;
  return typeof type === 'string' ? type : undefined;
}

/**
 * Finds the dict of tensors, at the top or in its wrappings. Among several it chooses a known network, and the network
 * itself rather than its average over the training.
 * @throws JobError `invalid_request` when there is none, or when several could be meant.
 */
export function findStateDict(file: PositionalFile, root: unknown): StateDict {
  const level = Array.isArray(root) ? new Map(root.slice(0, LONGEST_LIST).map((item, at) => [String(at), item])) : root;
  const found = withoutScraps(candidatesIn(level, [], [], new Set(), Array.isArray(root)));
  const known = found.filter(({ tensors }) => recogniseNetwork([...tensors.keys()]) !== undefined);
  const usual = found.filter(({ wrapping }) => wrapping.length > 0 && wrapping.every(isWrapping));
  for (const choice of [known, usual, found]) {
    const plain = choice.filter(({ wrapping }) => !wrapping.some((key) => AVERAGED.test(key)));
    const [first, second] = plain.length > 0 ? plain : choice;
    if (first && second) {
      throw checkpointError(
        `${file.name} holds several networks (${printPath(first)} and ${printPath(second)}): save one of them alone`,
      );
    }
    if (first) return first;
  }
  throw checkpointError(`${file.name} holds no dict of tensors${describeRoot(root)}`);
}

/**
 * Every dict with tensors, at most `DEEPEST` levels deep. Each is taken once, because a pickle may nest a dict in
 * itself.
 */
function candidatesIn(
  level: unknown,
  wrapping: readonly string[],
  beside: readonly string[],
  seen: Set<unknown>,
  isList = false,
): StateDict[] {
  if (!(level instanceof Map) || seen.has(level) || wrapping.length > DEEPEST) return [];
  seen.add(level);
  const keys = [...level.keys()].map(printKey);
  const tensors = tensorsOf(level);
  const candidates: StateDict[] = [];
  if (tensors.size > 0) {
    candidates.push({ wrapping, beside: [...beside, ...keys.filter((key) => !tensors.has(key))], tensors });
  }
  for (const [key, value] of level) {
    if (typeof key !== 'string' || !(value instanceof Map)) continue;
    // Under other keys than wrappings only a dict of tensors counts. What such a dict wraps belongs to something else
    // (an optimizer).
    if (!isWrapping(key) && !isList && tensorsOf(value).size === 0) continue;
    const others = [...beside, ...keys.filter((other) => other !== key)];
    candidates.push(...candidatesIn(value, [...wrapping, key], others, seen));
  }
  return candidates;
}

/** Drops the smaller of two dicts of which one lies inside the other: a stray tensor or two lie beside the weights. */
function withoutScraps(candidates: readonly StateDict[]): StateDict[] {
  const isInside = (a: StateDict, b: StateDict) =>
    a.wrapping.length > b.wrapping.length && b.wrapping.every((key, depth) => a.wrapping[depth] === key);
  return candidates.filter(
    (one) =>
      !candidates.some(
        (other) =>
          (isInside(other, one) && other.tensors.size >= one.tensors.size) ||
          (isInside(one, other) && other.tensors.size > one.tensors.size),
      ),
  );
}

function tensorsOf(entries: ReadonlyMap<unknown, unknown>): NamedTensors {
  const tensors = new Map<string, TensorReference | UnreadableTensor>();
  for (const [name, value] of entries) {
    if (typeof name !== 'string') continue;
    if (value instanceof TensorReference || value instanceof UnreadableTensor) tensors.set(name, value);
  }
  return tensors;
}

function isWrapping(key: string): boolean {
  return WRAPPINGS.has(key) || AVERAGED.test(key);
}

function printPath({ wrapping }: StateDict): string {
  return wrapping.length === 0 ? 'at the top' : `under ${wrapping.join('.')}`;
}

function printKey(key: unknown): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : `(${typeof key})`;
}

function describeRoot(root: unknown): string {
  if (root instanceof TensorReference) return ': it is a single tensor';
  if (!(root instanceof Map)) return '';
  const keys = [...root.keys()].slice(0, KEYS_SHOWN).map(printKey).join(', ');
  return root.size === 0 ? ': it is empty' : `; its keys are ${keys}`;
}
