import { expect, it } from 'vitest';
import { useSystem } from './analysing-system.js';

it('the system that analyses a data set’s videos ends also where the network for style codes does not open', async () => {
  const ended: string[] = [];
  const system = { stop: async () => void ended.push('system') };
  const broken = { open: () => Promise.reject(new Error('no such network')) };
  await expect(useSystem(system, broken, async () => ended.push('work'))).rejects.toThrow('no such network');
  expect(ended).toEqual(['system']);
  const codes = { of: async () => Buffer.alloc(0), close: () => Promise.reject(new Error('does not close')) };
  const working = useSystem(system, { open: async () => codes }, async () => ended.push('work'));
  await expect(working).rejects.toThrow('does not close');
  expect(ended).toEqual(['system', 'work', 'system']);
});
