import childProcess from 'node:child_process';
import fs, { existsSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';
import { call, floats, type Picklable, pickle, torchLegacy, torchZip } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { checkpointFolder } from '../formats/test-checkpoint-folder.js';
import { inspectCheckpoint } from './inspect-checkpoint.js';

const { path, refusal, store } = checkpointFolder();

/** Every way in which a Node process could run something on behalf of a file. */
let doors: MockInstance[];
beforeEach(() => {
  doors = [
    ...(['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const).map((name) =>
      vi.spyOn(childProcess, name),
    ),
    ...(['runInThisContext', 'runInNewContext', 'compileFunction'] as const).map((name) => vi.spyOn(vm, name)),
    vi.spyOn(fs, 'writeFileSync'),
    vi.spyOn(globalThis, 'eval'),
    vi.spyOn(globalThis, 'Function'),
  ];
  // Makes named imports of these modules see the spies, too.
  syncBuiltinESMExports();
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

function opcodes(text: string): Picklable {
  return { raw: Buffer.from(text, 'latin1') };
}

/** A text in the encoding of protocol 4. */
function text(value: string): string {
  return `\x8c${String.fromCharCode(value.length)}${value}`;
}

/** Pickles with which an attacker would run `command`, and the name with which each is refused. */
function attacks(command: string): [string, Picklable, string][] {
  const script = `__import__("os").system("${command}")`;
  return [
    ['os.system', call('os', 'system', [command]), 'the name os.system'],
    ['posix.system', call('posix', 'system', [command]), 'the name posix.system'],
    ['nt.system', call('nt', 'system', [command]), 'the name nt.system'],
    ['subprocess', call('subprocess', 'Popen', [['sh', '-c', command]]), 'the name subprocess.Popen'],
    ['eval', call('builtins', 'eval', [script]), 'the name builtins.eval'],
    ['exec of Python 2', call('__builtin__', 'exec', [script]), 'the name __builtin__.exec'],
    ['runpy', call('runpy', '_run_code', [script]), 'the name runpy._run_code'],
    ['getattr', call('builtins', 'getattr', [opcodes('cos\n__dict__\n'), 'system']), 'the name builtins.getattr'],
    ['torch.hub', call('torch.hub', 'load', ['x', 'y']), 'the name torch.hub.load'],
    ['torch.load', call('torch', 'load', [command]), 'the name torch.load'],
    ['JavaScript', call('node:child_process', 'execSync', [command]), 'the name node:child_process.execSync'],
    ['a constructor', call('Function', 'constructor', [command]), 'the name Function.constructor'],
    ['STACK_GLOBAL', opcodes(`${text('os')}${text('system')}\x93${text(command)}\x85R`), 'the name os.system'],
    ['INST', opcodes(`(S'${command}'\nios\nsystem\n`), 'the call of os.system'],
    ['OBJ', opcodes(`(cos\nsystem\n${text(command)}o`), 'the name os.system'],
    ['NEWOBJ', opcodes(`csubprocess\nPopen\n${text(command)}\x85\x81`), 'the name subprocess.Popen'],
    ['a state', opcodes(`cfunctools\npartial\n)\x81(cos\nsystem\n)}Ntb`), 'the name functools.partial'],
    ['an extension code', opcodes(`\x82\x01${text(command)}\x85R`), 'the opcode EXT1'],
    ['a persistent id', opcodes(`(${text('module')}cos\nsystem\ntQ`), 'the name os.system'],
    ['a persistent id of plain data', opcodes(`(${text('module')}${text('x')}tQ`), 'a reference that is no storage'],
    [
      'a name from the memo',
      opcodes(`${text('os')}\x94${text('system')}\x9400h\x00h\x01\x93${text(command)}\x85R`),
      'the name os.system',
    ],
    [
      'a dotted name behind an allowed one',
      opcodes(`${text('torch._utils')}${text('_rebuild_tensor_v2.__globals__')}\x93`),
      'the name torch._utils._rebuild_tensor_v2.__globals__',
    ],
  ];
}

describe('a checkpoint that would run something', () => {
  it.each(attacks('touch MARKER'))('is refused by name, and nothing runs: %s', async (name) => {
    const marker = path('marker');
    const [, attack, message] = attacks(`touch ${marker}`).find(([each]) => each === name) ?? ['', null, ''];
    const tensors = { weight: floats([1], [1]) };
    const beside = (dict: Map<string, Picklable>): Picklable =>
      new Map<string, Picklable>([
        ['state_dict', dict],
        ['opts', new Map<string, Picklable>([['lr', attack]])],
      ]);
    const instead = (): Picklable => attack;
    const inside = (dict: Map<string, Picklable>): Picklable => new Map([['other', attack], ...dict]);
    for (const place of [beside, instead, inside]) {
      for (const file of [torchZip(tensors, place), torchLegacy(tensors, place)]) {
        expect(await refusal(file)).toMatch(/^file\.pth is refused: its pickle contains .*; nothing of it was run$/);
        expect(await refusal(file)).toContain(`contains ${message}, which is not plain data`);
        const refused = expect.objectContaining({ code: 'invalid_request' });
        await expect(inspectCheckpoint(await store(file))).rejects.toEqual(refused);
      }
    }
    expect(await refusal(pickle(attack))).toContain(message);
    expect(existsSync(marker)).toBe(false);
    for (const door of doors) expect(door).not.toHaveBeenCalled();
  });

  it('would be noticed if it did', () => {
    const { execSync } = createRequire(import.meta.url)('node:child_process') as typeof childProcess;
    execSync(`touch ${path('marker')}`);
    expect(existsSync(path('marker'))).toBe(true);
    expect(doors.some((door) => door.mock.calls.length > 0)).toBe(true);
  });
});
