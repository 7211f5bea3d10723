import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { close, open } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packedProgram } from './packed-program.js';

let folder: string;
let module: string;
const list = (facts: unknown): void => writeFileSync(join(folder, 'modules.json'), JSON.stringify(facts));
const packed = () => packedProgram(pathToFileURL(`${folder}/`));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packed program-'));
  module = join(folder, 'a.js');
  writeFileSync(module, 'export {};');
  const { size, mtimeMs } = statSync(module);
  list([['./a.js', size, Math.floor(mtimeMs / 1000)]]);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the packed form of a program', () => {
  it('is taken while its modules are as they were', () => {
    expect(packed()).toBe(pathToFileURL(join(folder, 'serve.js')).href);
  });

  it.each([
    ['is longer', () => writeFileSync(module, 'export {};;')],
    ['was compiled anew', () => utimesSync(module, 1, 1)],
    ['is gone', () => rmSync(module)],
  ])('is not when a module %s', (_how, change) => {
    change();
    expect(packed()).toBeNull();
  });

  it('is not for a debugger', () => {
    open(0, '127.0.0.1');
    try {
      expect(packed()).toBeNull();
    } finally {
      close();
    }
  });

  it('is not where there is none, or one that was not written to its end', () => {
    writeFileSync(join(folder, 'modules.json'), '[["./a.js", 1');
    expect(packed()).toBeNull();
    list([]);
    expect(packed()).toBeNull();
    rmSync(join(folder, 'modules.json'));
    expect(packed()).toBeNull();
  });
});
