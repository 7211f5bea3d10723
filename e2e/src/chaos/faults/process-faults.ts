import { isAlive, pickFrom } from '@styleflow/testing';
import type { ProcessName } from '../../system/process-under-test.js';
import type { ChaosSystem } from '../chaos-system.js';
import type { Fault } from '../fault.js';
import type { SupervisedProcess } from '../supervised-process.js';

const KILLED = 'a killed process loses nothing and changes no result';
const LATE = 'a stopped process loses its entries to another, and what it does late changes nothing';

/** After this long production has started a new one. */
const LONGEST_AWAY_S = 30;

async function kill(processes: readonly SupervisedProcess[]): Promise<() => void> {
  const releases = await Promise.all(processes.map((process) => process.kill()));
  return () => {
    for (const release of releases) release();
  };
}

function freeze({ pid }: SupervisedProcess): () => void {
  if (pid === null) return () => {};
  process.kill(pid, 'SIGSTOP');
  return () => {
    if (isAlive(pid)) process.kill(pid, 'SIGCONT');
  };
}

const oneOf = (system: ChaosSystem, name: ProcessName, random: () => number) => pickFrom(system.of(name), random);

export const PROCESS_FAULTS: readonly Fault[] = [
  ...(['api', 'cpu-worker', 'gpu-worker'] as const).flatMap((name): Fault[] => [
    {
      id: `${name}-killed`,
      says: `a process of ${name} is killed`,
      promise: KILLED,
      longestSeconds: LONGEST_AWAY_S,
      begin: (system, random) => kill([oneOf(system, name, random)]),
    },
    {
      id: `${name}-stopped`,
      says: `a process of ${name} stands still`,
      promise: LATE,
      begin: async (system, random) => freeze(oneOf(system, name, random)),
    },
  ]),
  {
    id: 'all-killed',
    says: 'all processes are killed at once',
    promise: KILLED,
    longestSeconds: LONGEST_AWAY_S,
    begin: ({ processes }) => kill(processes),
  },
  {
    id: 'out-of-memory',
    says: 'the kernel takes a worker’s fattest process',
    promise: 'a process that is killed for its memory costs no job',
    longestSeconds: 1,
    begin: async (system, random) => {
      oneOf(system, pickFrom(['cpu-worker', 'gpu-worker'] as const, random), random).killFattest();
      return () => {};
    },
  },
];
