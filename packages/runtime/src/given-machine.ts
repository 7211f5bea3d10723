import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

const CGROUP_MOUNT = '/sys/fs/cgroup';

/**
 * Cores that this process may keep busy, at least 1: those it may run on, and no more than the quota of its control group
 * (a container's CPU limit, rounded up), which Node 20 does not look at.
 */
export function givenCores(): number {
  return coresWithin(availableParallelism(), readText('/proc/self/cgroup'), readText);
}

/** Bytes of memory that this process may use: the machine's, or its control group's limit. */
export function givenMemoryBytes(): number {
  const limit = process.constrainedMemory();
  // Without a limit some kernels say 0, others a number near 2^64.
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

/** `cpu.max` holds quota and period in µs, `max` for none; of the own group and of each above it. */
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

/** The same in two files, -1 for none. */
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
