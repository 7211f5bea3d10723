import { expect, it } from 'vitest';
import { measuredRun } from './measured-run.js';

const BUSY =
  'const used = () => { const { user, system } = process.cpuUsage(); return user + system; }; while (used() < 3e5);';
const HELD = 'const held = Buffer.alloc(150e6, 1); ';

it('counts what the children of a program took, and the memory that they held', { tags: ['linux'] }, async () => {
  const grandchild = `"${process.execPath}" -e '${HELD}${BUSY}'`;
  const cost = await measuredRun('a program', ['sh', '-c', `${grandchild}; true`]);
  expect(cost.cpuSeconds).toBeGreaterThan(0.19);
  expect(cost.wallSeconds).toBeGreaterThan(0.19);
  expect(cost.peakMegabytes).toBeGreaterThan(150);
});

it('shows the end of what a failing program said', async () => {
  const failing = measuredRun('the reference', ['sh', '-c', 'echo no such model >&2; exit 3']);
  await expect(failing).rejects.toThrow('the reference ended with 3; the end of its stderr:\nno such model');
});

it('tells of a program that is not there', async () => {
  await expect(measuredRun('the reference', ['/no/such/program'])).rejects.toThrow('ENOENT');
});
