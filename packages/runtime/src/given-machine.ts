import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

const CGROUP_MOUNT = '/sys/fs/cgroup';

/**
 * How many cores this process may keep busy, at least 1. These are the cores that it may run on, but no more than the
 * quota of its control group: a container's CPU limit, rounded up. Node 20 itself does not look at the quota.
 */
export function givenCores(): number {
  return coresWithin(availableParallelism(), readText('/proc/self/cgroup'), readText);
}

/** How many bytes of memory this process may use: the machine's memory, or less when its control group has a limit. */
export function givenMemoryBytes(): number {
  const limit = process.constrainedMemory();
  // Where there is no limit, some kernels give 0, others a number near 2^64.
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * @param cgroups the text of /proc/self/cgroup.
 * @param read a file's text; empty when there is none.
 */
export function coresWithin(cores: number, cgroups: string, read: (path: string) => string): number {
  const quotas = [...quotasOfVersion2(cgroups, read), ...quotasOfVersion1(cgroups, read)];
  return Math.max(1, Math.min(cores, ...quotas.map(Math.ceil)));
}

/**
 * Version 2: `cpu.max` holds quota and period in µs; the quota `max` means none. The group and all above it have one.
 */
function quotasOfVersion2(cgroups: string, read: (path: string) => string): number[] {
  const group = /^0::(\/.*)$/m.exec(cgroups)?.[1];
  if (group === undefined) return [];
  return pathsUp(group).flatMap((path) => {
    const [quota, period] = read(join(CGROUP_MOUNT, path, 'cpu.max'))
      .trim()
      .split(' ');
    return cores(quota, period);
  });
}

/** Version 1: quota and period are in two files; the quota -1 means none. */
function quotasOfVersion1(cgroups: string, read: (path: string) => string): number[] {
  const group = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(cgroups)?.[1];
  if (group === undefined) return [];
  return pathsUp(group).flatMap((path) => {
    const file = (name: string) => read(join(CGROUP_MOUNT, 'cpu', path, name)).trim();
    return cores(file('cpu.cfs_quota_us'), file('cpu.cfs_period_us'));
  });
}

function cores(quota: string | undefined, period: string | undefined): number[] {
  const value = Number(quota || Number.NaN) / Number(period || Number.NaN);
  return value > 0 && Number.isFinite(value) ? [value] : [];
}

function pathsUp(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...pathsUp(above)];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
