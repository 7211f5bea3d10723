import { floats, torchPickle } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { Attributes, storageOf } from './pickle-values.js';
import { unpickle } from './unpickle.js';

/** Bytes of a pickle: text as Latin-1 (so \x94 is one byte), buffers unchanged. */
function bytes(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return buffer;
}

describe('unpickle', () => {
  it.each<[string, Buffer, unknown]>([
    ['None', bytes('N.'), null],
    ['booleans', bytes('(\x88\x89I01\nI00\nt.'), [true, false, true, false]],
    ['integers', bytes('(K\xffM\xff\xffJ\xff\xff\xff\xffI-12\nL-7L\nt.'), [255, 65535, -1, -12, -7]],
    ['long integers', bytes('(\x8a\x00\x8a\x02\x00\xff\x8b', u32(1), '\x80t.'), [0, -256, -128]],
    ['integers beyond 2^53', bytes('\x8a\x09', Buffer.alloc(8), '\x01.'), 2n ** 64n],
    ['floats', bytes('(G?\xf8\0\0\0\0\0\0F-2.5e3\nFinf\nF-inf\nFnan\nt.'), [1.5, -2500, Infinity, -Infinity, NaN]],
    ['texts', bytes('(X', u32(2), 'hi\x8c\x02\xc3\xa9\x8d', u64(1n), 'zt.'), ['hi', 'é', 'z']],
    ['texts of Python 2', bytes('(U\x02hiT', u32(1), "\xe9S'a\\'\\n\\x41'\nV\\u00e9\nt."), ['hi', 'é', "a'\nA", 'é']],
    ['bytes', bytes('(C\x01aB', u32(1), 'b\x8e', u64(1n), 'c\x96', u64(1n), 'dt.'), ['a', 'b', 'c', 'd'].map(raw)],
    ['tuples and lists', bytes(')(K\x01\x85K\x02K\x03\x86](K\x04eK\x05at\x86.'), [[], [[1], [2, 3], [4, 5]]]],
    ['lists and dicts of protocol 0', bytes('((lp0\nI1\nag0\n(dt.'), [[1], [1], new Map()]],
    [
      'dicts',
      bytes('}(X', u32(1), 'aK\x01uX', u32(1), 'bK\x02s.'),
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    ['a dict of protocol 1', bytes('(X', u32(1), 'aK\x01d.'), new Map([['a', 1]])],
    ['sets', bytes('(\x8f(K\x01\x90(K\x02\x91t.'), [[1], [2]]],
    ['the memo', bytes('(K\x07q\x05K\x08r', u32(6), 'K\x09p9\n0h\x05j', u32(6), 'g9\nt.'), [7, 8, 7, 8, 9]],
    ['the memo of protocol 4', bytes('\x80\x04\x95', u64(9n), '(K\x01\x94K\x02\x94h\x00h\x01t.'), [1, 2, 1, 2]],
    ['dropped values', bytes('K\x01(K\x02K\x031.'), 1],
  ])('reads %s', (_, pickled, value) => {
    expect(unpickle(pickled)).toEqual({ value, length: pickled.length });
  });

  function raw(text: string): Uint8Array {
    return new Uint8Array(Buffer.from(text));
  }

  it('keeps a namespace as its entries and leaves out what numpy numbers hold', () => {
    const namespace = bytes('cargparse\nNamespace\n)\x81}(X', u32(1), 'aK\x01ub.');
    expect(unpickle(namespace).value).toEqual(new Attributes([['a', 1]]));
    const old = bytes(
      'ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR}X',
      u32(1),
      'aK\x01sb.',
    );
    expect(unpickle(old).value).toEqual(new Attributes([['a', 1]]));
    const number = bytes(
      'cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\x02f8\x89\x88tR(K\x03U\x01<NNtbU\x02hitR.',
    );
    expect(unpickle(number).value).toMatchObject({ name: 'numpy.core.multiarray scalar' });
  });

  it.each<[string, Buffer, string]>([
    ['GLOBAL', bytes('cos\nsystem\n.'), 'the name os.system'],
    ['GLOBAL in Python 2', bytes('c__builtin__\neval\n.'), 'the name __builtin__.eval'],
    ['STACK_GLOBAL', bytes('\x8c\x02os\x8c\x06system\x93.'), 'the name os.system'],
    ['STACK_GLOBAL of lists', bytes('(\x8c\x02ost\x8c\x06system\x93.'), 'a name that is no text'],
    [
      'a dotted name',
      bytes('\x8c\x05torch\x8c\x1f_utils._rebuild_tensor.__call__\x93.'),
      'the name torch._utils._rebuild',
    ],
    ['a dotted name that is in the list', bytes('ctorch\n_utils._rebuild_tensor\n.'), 'the name torch._utils._rebuild'],
    ['a name that looks alike', bytes('ctorch._utils\n_rebuild_tensor_v2 \n.'), 'the name torch._utils._rebuild'],
    ['a name of JavaScript', bytes('cconstructor\nconstructor\n.'), 'the name constructor.constructor'],
    ['a name of prototypes', bytes('c__proto__\n__proto__\n.'), 'the name __proto__.__proto__'],
    ['getattr', bytes('cbuiltins\ngetattr\n.'), 'the name builtins.getattr'],
    ['INST', bytes('(S"id"\nios\nsystem\n.'), 'the call of os.system'],
    ['OBJ', bytes('(cos\nsystem\no.'), 'the name os.system'],
    ['OBJ of an allowed name', bytes('(ctorch\nSize\no.'), 'the opcode OBJ'],
    ['NEWOBJ_EX', bytes('ctorch\nSize\n)}\x92.'), 'the opcode NEWOBJ_EX'],
    ['EXT1', bytes('\x82\x01.'), 'the opcode EXT1'],
    ['EXT2', bytes('\x83\x01\x00.'), 'the opcode EXT2'],
    ['EXT4', bytes('\x84', u32(1), '.'), 'the opcode EXT4'],
    ['PERSID', bytes('P0\n.'), 'the opcode PERSID'],
    ['a persistent id where none belongs', bytes('K\x01Q.'), 'a reference out of the pickle'],
    ['a call of a number', bytes('K\x01)R.'), 'a call of plain data'],
    ['a call of an element type', bytes('ctorch\nfloat32\n)R.'), 'a call of plain data'],
    ['a call without a list', bytes('ctorch\nSize\nK\x01R.'), 'a call of plain data'],
    ['a state of a number', bytes('K\x01}b.'), 'a state of plain data'],
    ['a state of a name', bytes('ctorch\nSize\n}b.'), 'a state of plain data'],
    ['a control character', bytes('cos\x1b[2J\nsystem\n.'), 'the name os?[2J.system'],
  ])('refuses %s by name', (_, pickled, message) => {
    expect(() => unpickle(pickled)).toThrow(expect.objectContaining({ name: 'PickleRefused' }));
    expect(() => unpickle(pickled)).toThrow(message);
  });

  it.each<[string, Buffer, string, string]>([
    ['nothing', bytes(''), 'PickleTruncated', '1 bytes were announced at 0'],
    ['a text longer than the file', bytes('X', u32(2 ** 31), 'a'), 'PickleTruncated', '2147483648 bytes'],
    ['a text of 2^64 - 1 bytes', bytes('\x8d', u64(2n ** 64n - 1n), 'a.'), 'PickleTruncated', 'bytes were announced'],
    ['a number of 2^31 digits', bytes('\x8b', u32(2 ** 31), 'a.'), 'PickleDamaged', 'a number of 2147483648 bytes'],
    ['a number of 4000 digits', bytes(`L${'9'.repeat(4000)}\n.`), 'PickleDamaged', 'has the number "9999'],
    ['a number that is none', bytes('Ixyz\n.'), 'PickleDamaged', 'has the number "xyz"'],
    ['a line without an end', bytes('c', 'a'.repeat(5000)), 'PickleDamaged', 'a line without an end'],
    ['an empty stack', bytes('.'), 'PickleDamaged', 'an unbalanced stack'],
    ['a mark as a value', bytes('(.'), 'PickleDamaged', 'an unbalanced stack'],
    ['a list without a mark', bytes('K\x01t.'), 'PickleDamaged', 'an unbalanced stack'],
    ['an unknown memo', bytes('h\x01.'), 'PickleDamaged', 'the unknown memo 1'],
    ['a memo without a number', bytes('gx\n.'), 'PickleDamaged', 'a memo without a number'],
    ['an append to a number', bytes('K\x01K\x02a.'), 'PickleDamaged', 'appends to something that is no list'],
    ['an entry of a list', bytes(']K\x01K\x02s.'), 'PickleDamaged', 'an entry of something that is no dict'],
    ['half an entry', bytes('}(K\x01u.'), 'PickleDamaged', 'an entry of something that is no dict'],
    ['a protocol of the future', bytes('\x80\x06N.'), 'PickleDamaged', 'protocol 6'],
    ['an unknown opcode', bytes('\xff.'), 'PickleDamaged', 'the unknown opcode 0xff at 0'],
    ['a tensor of nothing', bytes('ctorch._utils\n_rebuild_tensor_v2\n)R.'), 'PickleDamaged', 'without a storage'],
    ['a tensor rebuilt by itself', selfRebuilding(), 'PickleDamaged', 'a tensor that cannot be rebuilt'],
  ])('refuses %s as damaged', (_, pickled, name, message) => {
    expect(() => unpickle(pickled)).toThrow(expect.objectContaining({ name }));
    expect(() => unpickle(pickled)).toThrow(message);
  });

  /** A pickle that calls `_rebuild_from_type_v2` with itself and a list that holds itself. */
  function selfRebuilding(): Buffer {
    return bytes('ctorch._tensor\n_rebuild_from_type_v2\nq\x00](h\x00Neq\x01h\x01aR.');
  }
});

/** Limits for a small pickle. They are wide, because a busy machine takes up to 1.3 s and 41 MiB. */
const MOST_SECONDS = 20;
const MOST_BYTES = 400 * 2 ** 20;

describe('unpickle of a bomb', () => {
  const MILLION = 2 ** 20;
  const nest = (opcodes: string, count: number) => bytes(opcodes.repeat(count));
  it.each<[string, () => Buffer]>([
    ['lists', () => nest(']', 5 * MILLION)],
    ['dicts', () => nest('}', 5 * MILLION)],
    ['marks', () => nest('(', 5 * MILLION)],
    ['marks that are taken back', () => nest('(1', 5 * MILLION)],
    ['numbers', () => nest('K\x01', 5 * MILLION)],
    ['numbers that are dropped', () => nest('N0', 5 * MILLION)],
    ['memos', () => bytes('N', nest('\x94', 5 * MILLION))],
    ['the same list put into itself', () => bytes(']q\x00', nest('h\x00a', 3 * MILLION))],
    ['lists of lists of lists, each twice', () => bytes(']q\x00', nest('](h\x00h\x00e', MILLION))],
    [
      'copies of a long list of pairs',
      () =>
        bytes(
          '](',
          nest('NN\x86', MILLION / 8),
          'eq\x00ccollections\nOrderedDict\nq\x01',
          nest('h\x01h\x00\x85R', MILLION),
        ),
    ],
    [
      'copies of a large state',
      () =>
        bytes(
          '}(',
          Buffer.concat(Array.from({ length: 50_000 }, (_, key) => bytes('J', u32(key), 'N'))),
          'uq\x00cargparse\nNamespace\nq\x01',
          nest('h\x01)\x81h\x00b', MILLION),
        ),
    ],
  ])('gives up on %s within fixed time and memory', (_, make) => {
    const bomb = make();
    const before = process.memoryUsage().heapUsed;
    const start = process.cpuUsage();
    expect(() => unpickle(bomb)).toThrow('asks for more memory than names and shapes can need');
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(MOST_BYTES);
  });

  it('reads a tuple in a tuple, half a million deep', () => {
    const { value, length } = unpickle(bytes('N', nest('\x85', MILLION / 2), '.'));
    expect(Array.isArray(value)).toBe(true);
    expect(length).toBe(MILLION / 2 + 2);
  });

  it('has room for a checkpoint of 20,000 tensors', () => {
    const tensor = floats([1], [1]);
    const tensors = Object.fromEntries(Array.from({ length: 20_000 }, (_, key) => [`tensor.${key}.weight`, tensor]));
    expect(unpickle(torchPickle(tensors), storageOf).value).toHaveProperty('size', 20_000);
  });
});
