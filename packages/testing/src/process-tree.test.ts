import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { isAlive, killProcess } from './kill-process.js';
import { killAsOutOfMemory, limitDescriptors, processTree } from './process-tree.js';
import { until } from './until.js';

/** A process whose child takes memory. */
const FAT_CHILD = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', 'globalThis.fat = Buffer.alloc(3e8, 1); setInterval(() => {}, 1000); console.log("fat")'],
    { stdio: 'inherit' });
  setInterval(() => {}, 1000);
`;

it('finds the children of a process and kills the fattest of them, as the kernel would', async () => {
  const parent = spawn(process.execPath, ['-e', FAT_CHILD], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = parent.pid ?? 0;
  try {
    await once(createInterface({ input: parent.stdout }), 'line');
    const [itself, child] = processTree(pid);
    expect(itself).toBe(pid);
    expect(killAsOutOfMemory(pid)).toBe(child);
    await until('the child is gone', () => !processTree(pid).includes(child ?? 0));
    expect(isAlive(pid)).toBe(true);
  } finally {
    await killProcess(pid);
  }
});

it('lets a running process open only so many more files, and takes that back', async () => {
  const OPENER = `
    const { openSync, closeSync } = require('node:fs');
    require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
      const opened = [];
      try { while (opened.length < 10) opened.push(openSync('/dev/null')); } catch {}
      for (const each of opened) closeSync(each);
      console.log(opened.length);
    });
  `;
  const child = spawn(process.execPath, ['-e', OPENER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const count = async (): Promise<number> => {
    child.stdin.write('\n');
    return Number((await once(lines, 'line'))[0]);
  };
  try {
    expect(await count()).toBe(10);
    const restore = limitDescriptors(child.pid ?? 0, 3);
    expect(await count()).toBe(3);
    restore();
    expect(await count()).toBe(10);
  } finally {
    await killProcess(child.pid ?? 0);
  }
});
