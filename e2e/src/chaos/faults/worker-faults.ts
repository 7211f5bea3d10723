import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitDescriptors, pickFrom } from '@styleflow/testing';
import type { ChaosSystem } from '../chaos-system.js';
import type { Fault } from '../fault.js';

const HANDS_BACK = 'a worker that is at fault itself hands its entry back without an attempt and takes no more';
const CLOCK = 'no clock of a worker decides what is kept or deleted';
const DAY_S = 86_400;

const withDisk = (system: ChaosSystem) => system.processes.filter(({ own }) => own.scratchDisk !== null);
const withClock = (system: ChaosSystem) => system.processes.filter(({ own }) => own.clock !== null);

const CLOCKS: readonly (readonly [id: string, says: string, seconds: number])[] = [
  ['clock-day-ahead', 'the clocks of one process of each kind are a day ahead', DAY_S],
  ['clock-day-behind', 'the clocks of one process of each kind are a day behind', -DAY_S],
  ['clock-month-ahead', 'the clocks of one process of each kind are 31 days ahead', 31 * DAY_S],
  ['clock-month-behind', 'the clocks of one process of each kind are 31 days behind', -31 * DAY_S],
];

export const WORKER_FAULTS: readonly Fault[] = [
  {
    id: 'scratch-full',
    says: 'the scratch disk of a CPU worker is full',
    promise: HANDS_BACK,
    unavailable: (system) => (withDisk(system).length > 0 ? null : 'this user may not mount a small disk'),
    begin: async (system, random) => {
      const disk = pickFrom(withDisk(system), random).own.scratchDisk;
      await disk?.fill();
      return () => disk?.free();
    },
  },
  {
    id: 'scratch-gone',
    says: 'the scratch folder of a CPU worker is a file',
    promise: HANDS_BACK,
    // A mounted folder cannot be renamed.
    unavailable: (system) => (withoutDisk(system).length > 0 ? null : 'no worker has a scratch folder without a disk'),
    begin: async (system, random) => {
      const { scratch } = pickFrom(withoutDisk(system), random).own;
      await rename(scratch, `${scratch}.aside`);
      await writeFile(scratch, '');
      return () => rename(scratch, `${scratch}.file`).then(() => rename(`${scratch}.aside`, scratch));
    },
  },
  {
    id: 'ffmpeg-missing',
    says: 'a CPU worker finds no ffmpeg',
    promise: HANDS_BACK,
    begin: async (system, random) => {
      const { programs } = pickFrom(system.of('cpu-worker'), random).own;
      const move = async (from: string, to: string): Promise<void> => {
        for (const name of ['ffmpeg', 'ffprobe']) await rename(join(programs, from + name), join(programs, to + name));
      };
      await move('', 'no-');
      return () => move('no-', '');
    },
  },
  {
    id: 'few-descriptors',
    says: 'a worker may open two more file descriptors',
    promise: HANDS_BACK,
    begin: async (system, random) => {
      const { pid } = pickFrom([...system.of('cpu-worker'), ...system.of('gpu-worker')], random);
      return pid === null ? () => {} : limitDescriptors(pid, 2);
    },
  },
  ...CLOCKS.map(
    ([id, says, seconds]): Fault => ({
      id,
      says,
      promise: CLOCK,
      unavailable: (system) => (withClock(system).length > 0 ? null : 'libfaketime is not installed'),
      begin: async (system) => {
        const set = (to: number) => Promise.all(withClock(system).map(({ own }) => own.clock?.set(to)));
        await set(seconds);
        return () => set(0).then(() => {});
      },
    }),
  ),
];

function withoutDisk(system: ChaosSystem) {
  return system.of('cpu-worker').filter(({ own }) => own.scratchDisk === null);
}
