import { availableParallelism, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { coresWithin, givenCores, givenMemoryBytes } from './given-machine.js';

/** Reads these files instead of the machine's. */
const files =
  (texts: Readonly<Record<string, string>>) =>
  (path: string): string =>
    texts[path] ?? '';

describe('coresWithin', () => {
  it("keeps to a container's quota, rounded up", () => {
    expect(coresWithin(64, '0::/\n', files({ '/sys/fs/cgroup/cpu.max': '200000 100000\n' }))).toBe(2);
    expect(coresWithin(64, '0::/\n', files({ '/sys/fs/cgroup/cpu.max': '250000 100000\n' }))).toBe(3);
    expect(coresWithin(64, '0::/\n', files({ '/sys/fs/cgroup/cpu.max': '20000 100000\n' }))).toBe(1);
  });

  it('keeps to the smallest quota of its group and those above', () => {
    const read = files({
      '/sys/fs/cgroup/cpu.max': 'max 100000',
      '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000',
      '/sys/fs/cgroup/system.slice/styleflow.service/cpu.max': '800000 100000',
    });
    expect(coresWithin(16, '0::/system.slice/styleflow.service\n', read)).toBe(3);
  });

  it('understands the older two files', () => {
    const group = '4:memory:/docker/a\n3:cpu,cpuacct:/docker/a\n';
    const quota = (text: string) =>
      files({
        '/sys/fs/cgroup/cpu/docker/a/cpu.cfs_quota_us': text,
        '/sys/fs/cgroup/cpu/docker/a/cpu.cfs_period_us': '100000\n',
      });
    expect(coresWithin(8, group, quota('400000\n'))).toBe(4);
    expect(coresWithin(8, group, quota('-1\n'))).toBe(8);
  });

  it('takes all cores where nothing limits them', () => {
    expect(coresWithin(8, '', files({}))).toBe(8);
    expect(coresWithin(8, '0::/\n', files({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }))).toBe(8);
  });
});

it('a process is given what its machine has, or less', () => {
  expect(givenCores()).toBeGreaterThanOrEqual(1);
  expect(givenCores()).toBeLessThanOrEqual(availableParallelism());
  expect(givenMemoryBytes()).toBeGreaterThan(1e8);
  expect(givenMemoryBytes()).toBeLessThanOrEqual(totalmem());
});
