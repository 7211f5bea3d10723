import { findGlobal, type PickleCall } from './pickle-globals.js';
import { PickleBytes, readLiteral } from './pickle-literals.js';

/** Marks the start of a list of operands on the stack. */
const MARK = Symbol('mark');

export interface Unpickled {
  readonly value: unknown;
  /** Bytes of `bytes` that the pickle took. */
  readonly length: number;
}

/** The pickle asks for something that is not plain data. */
export class PickleRefused extends Error {
  override readonly name = 'PickleRefused';
}

/**
 * Reads one Python pickle (protocols 2 to 5) as plain data: numbers, strings, lists (tuples and sets too), Maps,
 * byte arrays and whatever `persistent` makes of persistent ids. It runs nothing: names outside the allow-list of
 * `pickle-globals` are refused the moment they are named.
 */
export function unpickle(bytes: Uint8Array, persistent: (id: unknown) => unknown = refusePersistent): Unpickled {
  return new Unpickler(bytes, persistent).run();
}

function refusePersistent(): never {
  throw new PickleRefused('a reference out of the pickle');
}

class Unpickler {
  readonly #bytes: PickleBytes;
  readonly #persistent: (id: unknown) => unknown;
  readonly #memo = new Map<number, unknown>();
  readonly #stack: unknown[] = [];

  constructor(bytes: Uint8Array, persistent: (id: unknown) => unknown) {
    this.#bytes = new PickleBytes(bytes);
    this.#persistent = persistent;
  }

  run(): Unpickled {
    for (;;) {
      const opcode = this.#bytes.integer(1);
      if (opcode === 0x2e /* STOP */) return { value: this.#pop(), length: this.#bytes.position };
      if (!this.#data(opcode) && !this.#container(opcode) && !this.#memory(opcode) && !this.#call(opcode)) {
        throw new PickleRefused(`the pickle opcode 0x${opcode.toString(16)}`);
      }
    }
  }

  /** Opcodes that push a value of their own. */
  #data(opcode: number): boolean {
    const value = readLiteral(opcode, this.#bytes);
    return value === undefined ? opcode === 0x80 || opcode === 0x95 : this.#push(value);
  }

  /** Opcodes that build lists and maps. */
  #container(opcode: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        return this.#push(MARK);
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
      case 0x8f: // EMPTY_SET
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x91: // FROZENSET
        return this.#push(this.#popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(this.#popMany(opcode - 0x84));
      case 0x61: // APPEND
        return this.#extendList([this.#pop()]);
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        return this.#extendList(this.#popToMark());
      case 0x73: // SETITEM
        return this.#extendMap(this.#popMany(2));
      case 0x75: // SETITEMS
        return this.#extendMap(this.#popToMark());
      default:
        return false;
    }
  }

  /** Opcodes that store, fetch and drop values. */
  #memory(opcode: number): boolean {
    switch (opcode) {
      case 0x71: // BINPUT
        this.#memo.set(this.#bytes.integer(1), this.#top());
        return true;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#bytes.integer(4), this.#top());
        return true;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        return true;
      case 0x68: // BINGET
        return this.#recall(this.#bytes.integer(1));
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#bytes.integer(4));
      case 0x30: // POP
        this.#pop();
        return true;
      case 0x31: // POP_MARK
        this.#popToMark();
        return true;
      default:
        return false;
    }
  }

  /** Opcodes that name something or apply it. */
  #call(opcode: number): boolean {
    switch (opcode) {
      case 0x63: // GLOBAL
        return this.#pushGlobal(this.#bytes.line(), this.#bytes.line());
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.#popMany(2);
        return this.#pushGlobal(String(module), String(name));
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callable, args] = this.#popMany(2);
        if (typeof callable !== 'function' || !Array.isArray(args)) throw new PickleRefused('a call of plain data');
        return this.#push((callable as PickleCall)(args));
      }
      case 0x62: {
        // BUILD: attributes of an object; those of a Namespace are its entries, those of a dict say nothing about it
        const [target, state] = this.#popMany(2);
        if (target instanceof Map && target.size === 0 && state instanceof Map) {
          for (const [key, value] of state) target.set(key, value);
        }
        return this.#push(target);
      }
      case 0x51: // BINPERSID
        return this.#push(this.#persistent(this.#pop()));
      default:
        return false;
    }
  }

  #pushGlobal(module: string, name: string): boolean {
    const found = findGlobal(module, name);
    if (!found) throw new PickleRefused(`the name ${module}.${name}`);
    return this.#push(found);
  }

  #push(value: unknown): true {
    this.#stack.push(value);
    return true;
  }

  #pop(): unknown {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw new PickleRefused('an unbalanced stack');
    return value;
  }

  #top(): unknown {
    const value = this.#pop();
    this.#stack.push(value);
    return value;
  }

  #popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new PickleRefused('an unbalanced stack');
    return this.#stack.splice(mark).slice(1);
  }

  #extendList(items: unknown[]): boolean {
    const list = this.#top();
    if (!Array.isArray(list)) throw new PickleRefused('an append to something that is no list');
    for (const item of items) list.push(item);
    return true;
  }

  #extendMap(items: unknown[]): boolean {
    const map = this.#top();
    if (!(map instanceof Map) || items.length % 2 !== 0)
      throw new PickleRefused('an entry of something that is no dict');
    for (let index = 0; index < items.length; index += 2) map.set(items[index], items[index + 1]);
    return true;
  }

  #recall(key: number): boolean {
    if (!this.#memo.has(key)) throw new PickleRefused(`the unknown memo ${key}`);
    return this.#push(this.#memo.get(key));
  }
}
