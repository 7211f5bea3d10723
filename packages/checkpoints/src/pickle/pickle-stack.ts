import { PickleDamaged } from './pickle-error.js';

/** Marks the start of a list of operands. */
const MARK = Symbol('mark');

/**
 * The most that one pickle may cost. A unit stands for about 16 bytes of memory or 50 ns. A checkpoint's tensor costs
 * about 135 units (README), so this is enough for 30,000 tensors; an attack gets 70 MB and some tenths of a second.
 */
const MOST_UNITS = 4 * 2 ** 20;
const MAP_UNITS = 16;
const ARRAY_UNITS = 4;
const ENTRY_UNITS = 3;

/**
 * The operand stack and the memo of an unpickler. A pickle of a few megabytes could ask for any amount of memory, so
 * every value, entry and copy is paid for from a fixed budget.
 */
export class PickleStack {
  readonly #values: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  #units = 0;

  /**
   * Counts work.
   * @throws PickleDamaged when the budget is used up.
   */
  spend(units: number): void {
    this.#units += units;
    if (this.#units > MOST_UNITS) throw new PickleDamaged('asks for more memory than names and shapes can need');
  }

  push(value: unknown): true {
    this.spend(costOf(value));
    this.#values.push(value);
    return true;
  }

  mark(): true {
    this.#values.push(MARK);
    return true;
  }

  pop(): unknown {
    const value = this.#values.pop();
    if (value === undefined || value === MARK) throw new PickleDamaged('has an unbalanced stack');
    return value;
  }

  top(): unknown {
    const value = this.pop();
    this.#values.push(value);
    return value;
  }

  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  popToMark(): unknown[] {
    const mark = this.#values.lastIndexOf(MARK);
    if (mark < 0) throw new PickleDamaged('has an unbalanced stack');
    const values = this.#values.slice(mark + 1);
    this.#values.length = mark;
    return values;
  }

  /** Remembers the topmost value under a number, by default the next free one. */
  remember(key = this.#memo.size): true {
    this.spend(ENTRY_UNITS);
    this.#memo.set(key, this.top());
    return true;
  }

  /** Pushes a remembered value itself, not a copy. */
  recall(key: number): true {
    if (!this.#memo.has(key)) throw new PickleDamaged(`refers to the unknown memo ${key}`);
    this.#values.push(this.#memo.get(key));
    return true;
  }

  extendList(items: readonly unknown[]): true {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleDamaged('appends to something that is no list');
    this.spend(items.length);
    for (const item of items) list.push(item);
    return true;
  }

  /** Adds entries to a map. `items` are keys and values in turn. */
  extendMap(items: readonly unknown[]): true {
    const map = this.top();
    if (!(map instanceof Map) || items.length % 2 !== 0) {
      throw new PickleDamaged('sets an entry of something that is no dict');
    }
    this.spend((items.length / 2) * ENTRY_UNITS);
    for (let index = 0; index < items.length; index += 2) map.set(items[index], items[index + 1]);
    return true;
  }
}

/** Units for a new value. A map or list is counted with its own entries, but not with what these hold. */
export function costOf(value: unknown): number {
  if (typeof value === 'string') return 2 + value.length / 8;
  if (value instanceof Uint8Array) return ARRAY_UNITS + value.length / 16;
  if (value instanceof Map) return MAP_UNITS + ENTRY_UNITS * value.size;
  if (Array.isArray(value)) return ARRAY_UNITS + value.length;
  return 1;
}
