import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from './find-python.js';

/** A program that answers as a Python with these facts would. */
async function fake(folder: string, name: string, answer: object | string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(
    file,
    `#!/bin/sh\ncat <<'END'\n${typeof answer === 'string' ? answer : JSON.stringify(answer)}\nEND\n`,
  );
  await chmod(file, 0o755);
  return file;
}

describe('findPython', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'styleflow-python-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  const facts = { version: [3, 11, 2], torch: '1.13.1', numpy: '1.24.2', cards: 0 };

  it('takes the first python3 along the path that has PyTorch, and says which', async () => {
    await fake(join(root, 'a'), 'python3', { ...facts, torch: null });
    const second = await fake(join(root, 'b'), 'python3', { ...facts, cards: 2 });
    await fake(join(root, 'c'), 'python3', { ...facts, torch: '2.4.0+cu121' });
    const path = ['a', 'none', 'b', 'c'].map((name) => join(root, name)).join(':');
    const found = await findPython({ named: undefined, path, needsTorch: true });
    expect(found).toEqual({ path: second, words: 'Python 3.11.2, PyTorch 1.13.1, 2 cards', cards: 2 });
    const plain = await findPython({ named: undefined, path, needsTorch: false });
    expect(plain.path).toBe(join(root, 'a', 'python3'));
  });

  it('tries no other one than the one that was named', async () => {
    const named = await fake(join(root, 'named'), 'mine', { ...facts, version: [3, 9, 1] });
    await expect(findPython({ named, path: join(root, 'b'), needsTorch: true })).rejects.toThrow(
      /mine: Python 3\.9\.1 is too old/,
    );
  });

  it('says of each that it found why not, and what to install', async () => {
    await fake(join(root, 'old'), 'python3', { ...facts, torch: '1.12.0' });
    await fake(join(root, 'bare'), 'python3', { ...facts, numpy: null, torch: null });
    await fake(join(root, 'odd'), 'python3', 'null');
    const path = ['old', 'bare', 'odd'].map((name) => join(root, name)).join(':');
    const failed = findPython({ named: undefined, path, needsTorch: true });
    await expect(failed).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(failed).rejects.toThrow(
      /PyTorch 1\.12\.0, which is too old\n.*has no numpy\n.*something else\ninstall them/s,
    );
    await expect(findPython({ named: '/no/python', path: '', needsTorch: true })).rejects.toThrow(
      'there is no such program',
    );
  });

  it.each(['Python 3.11 from the store', ''])('goes on to the next one where one prints %j', async (words) => {
    const [first, second] = [join(root, `odd ${words}`), join(root, `good ${words}`)];
    await fake(first, 'python3', words);
    const path = await fake(second, 'python3', facts);
    const found = await findPython({ named: undefined, path: `${first}:${second}`, needsTorch: true });
    expect(found.path).toBe(path);
    await expect(findPython({ named: undefined, path: first, needsTorch: true })).rejects.toThrow(
      /python3: answers with something else/,
    );
  });
});
