import { PickleBytes } from './pickle-bytes.js';
import { PickleDamaged, PickleRefused } from './pickle-error.js';
import { findGlobal, type PickleCall } from './pickle-globals.js';
import { readLiteral } from './pickle-literals.js';
import { costOf, PickleStack } from './pickle-stack.js';
import { Attributes, Opaque, TensorReference, UnreadableTensor } from './pickle-values.js';

export interface Unpickled {
  readonly value: unknown;
  /** How many of the bytes belong to the pickle. */
  readonly length: number;
}

/** Opcodes that are never executed, by their names in Python's `pickletools`. */
const REFUSED_OPCODES: Readonly<Record<number, string>> = {
  50: 'DUP',
  80: 'PERSID',
  111: 'OBJ',
  130: 'EXT1',
  131: 'EXT2',
  132: 'EXT4',
  146: 'NEWOBJ_EX',
  151: 'NEXT_BUFFER',
  152: 'READONLY_BUFFER',
};

/**
 * Reads one Python pickle (protocols 0 to 5) as plain data: numbers, strings, lists (also for tuples and sets), Maps,
 * byte arrays, and whatever `persistent` makes of persistent ids. It runs nothing: a name outside the allow-list of
 * `pickle-globals` is refused as soon as it appears. Time and memory are bounded, whatever the bytes.
 * @throws PickleRefused for anything but plain data, PickleDamaged, PickleTruncated.
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
  readonly #stack = new PickleStack();

  constructor(bytes: Uint8Array, persistent: (id: unknown) => unknown) {
    this.#bytes = new PickleBytes(bytes);
    this.#persistent = persistent;
  }

  run(): Unpickled {
    for (;;) {
      const opcode = this.#bytes.integer(1);
      this.#stack.spend(1);
      if (opcode === 0x2e /* STOP */) return { value: this.#stack.pop(), length: this.#bytes.position };
      if (!this.#data(opcode) && !this.#container(opcode) && !this.#memory(opcode) && !this.#call(opcode)) {
        const name = REFUSED_OPCODES[opcode];
        if (name !== undefined) throw new PickleRefused(`the opcode ${name}`);
        throw new PickleDamaged(`has the unknown opcode 0x${opcode.toString(16)} at ${this.#bytes.position - 1}`);
      }
    }
  }

  /** Opcodes that push a value of their own. */
  #data(opcode: number): boolean {
    const value = readLiteral(opcode, this.#bytes);
    return value === undefined ? opcode === 0x80 || opcode === 0x95 : this.#stack.push(value);
  }

  /** Opcodes that build lists and maps. */
  #container(opcode: number): boolean {
    const stack = this.#stack;
    switch (opcode) {
      case 0x28: // MARK
        return stack.mark();
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
      case 0x8f: // EMPTY_SET
        return stack.push([]);
      case 0x7d: // EMPTY_DICT
        return stack.push(new Map());
      case 0x64: {
        // DICT
        const items = stack.popToMark();
        return stack.push(new Map()) && stack.extendMap(items);
      }
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x91: // FROZENSET
        return stack.push(stack.popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return stack.push(stack.popMany(opcode - 0x84));
      case 0x61: // APPEND
        return stack.extendList([stack.pop()]);
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        return stack.extendList(stack.popToMark());
      case 0x73: // SETITEM
        return stack.extendMap(stack.popMany(2));
      case 0x75: // SETITEMS
        return stack.extendMap(stack.popToMark());
      default:
        return false;
    }
  }

  /** Opcodes that store, fetch and drop values. */
  #memory(opcode: number): boolean {
    switch (opcode) {
      case 0x71: // BINPUT
        return this.#stack.remember(this.#bytes.integer(1));
      case 0x72: // LONG_BINPUT
        return this.#stack.remember(this.#bytes.integer(4));
      case 0x70: // PUT
        return this.#stack.remember(this.#bytes.memoNumber());
      case 0x94: // MEMOIZE
        return this.#stack.remember();
      case 0x68: // BINGET
        return this.#stack.recall(this.#bytes.integer(1));
      case 0x6a: // LONG_BINGET
        return this.#stack.recall(this.#bytes.integer(4));
      case 0x67: // GET
        return this.#stack.recall(this.#bytes.memoNumber());
      case 0x30: // POP
        this.#stack.pop();
        return true;
      case 0x31: // POP_MARK
        this.#stack.popToMark();
        return true;
      default:
        return false;
    }
  }

  /** Opcodes that name something or apply it. */
  #call(opcode: number): boolean {
    const stack = this.#stack;
    switch (opcode) {
      case 0x63: // GLOBAL
        return this.#pushGlobal(this.#bytes.line(), this.#bytes.line());
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = stack.popMany(2);
        return this.#pushGlobal(module, name);
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callable, args] = stack.popMany(2);
        if (typeof callable !== 'function' || !Array.isArray(args)) throw new PickleRefused('a call of plain data');
        for (const arg of args) stack.spend(Array.isArray(arg) ? arg.length : 1);
        return stack.push((callable as PickleCall)(args));
      }
      case 0x62: {
        // BUILD sets attributes of an object. Only those of a Namespace are kept, as its entries.
        const [target, state] = stack.popMany(2);
        if (target instanceof Attributes && state instanceof Map) {
          stack.spend(costOf(state));
          for (const [key, value] of state) target.set(key, value);
        } else if (!hasState(target)) throw new PickleRefused('a state of plain data');
        return stack.push(target);
      }
      case 0x51: // BINPERSID
        return stack.push(this.#persistent(stack.pop()));
      case 0x69: // INST: a name and a call in one
        throw new PickleRefused(`the call of ${printable(`${this.#bytes.line()}.${this.#bytes.line()}`)}`);
      default:
        return false;
    }
  }

  #pushGlobal(module: unknown, name: unknown): boolean {
    if (typeof module !== 'string' || typeof name !== 'string') throw new PickleRefused('a name that is no text');
    const found = findGlobal(module, name);
    if (found) return this.#stack.push(found);
    // A whole torch.nn.Module always has these two attributes.
    const isModule = this.#bytes.includes('_parameters') && this.#bytes.includes('_modules');
    throw new PickleRefused(
      `the name ${printable(`${module}.${name}`)}`,
      isModule ? 'a whole module; its maker can save its weights alone: torch.save(model.state_dict(), FILE)' : '',
    );
  }
}

/**
 * Whether Python would give this value attributes besides its contents: dicts of the collections library, tensors,
 * other libraries' objects.
 */
function hasState(target: unknown): boolean {
  return [Map, Opaque, TensorReference, UnreadableTensor].some((type) => target instanceof type);
}

/** Shortens a name and replaces control characters, because names come from the file. */
function printable(name: string): string {
  const text = name.replace(/[^\x20-\x7e]/g, '?');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
