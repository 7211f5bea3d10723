import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The process and whatever it has started, itself first (Linux). Those that end meanwhile are left out. */
export function processTree(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const each of tree) tree.push(...(parents.get(each) ?? []));
  return tree;
}

/** The fields behind the program's name, which may hold anything: state, then parent. */
function parentOf(pid: number): number | null {
  const parent = readProc(pid, 'stat')?.split(') ').at(-1)?.split(' ')[1];
  return parent === undefined ? null : Number(parent);
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Kills what the kernel would kill first of this process and its children when memory runs out (the highest `oom_score`), as the
 * kernel does it: SIGKILL. A stand-in: no memory is really taken. Answers the pid.
 */
export function killAsOutOfMemory(pid: number): number {
  const scored = processTree(pid).map((each) => ({ each, score: Number(readProc(each, 'oom_score') ?? -1) }));
  const first = scored.reduce((most, next) => (next.score > most.score ? next : most));
  process.kill(first.each, 'SIGKILL');
  return first.each;
}

/**
 * Lets a running process open only `spare` more file descriptors (Linux, with prlimit). The function that comes back gives
 * the former limit again; a process that has ended meanwhile needs none.
 */
export function limitDescriptors(pid: number, spare: number): () => void {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  // The limit is one of numbers, and the lowest free one is taken first.
  let limit = 0;
  for (let free = 0; free < spare; limit += 1) if (!open.has(limit)) free += 1;
  const [, soft = '', hard = ''] = OPEN_FILES.exec(readProc(pid, 'limits') ?? '') ?? [];
  const set = (to: string | number): void => {
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${to}:${hard}`], { stdio: 'ignore' });
  };
  set(limit);
  return () => {
    try {
      set(soft);
    } catch {
      // It has ended; another one has its own limit.
    }
  };
}

const OPEN_FILES = /Max open files\s+(\S+)\s+(\S+)/;
