import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findFreePort,
  makeSkewedClock,
  mountSmallDisk,
  type RedisServer,
  type SkewedClock,
  startFaultyLink,
  startRedis,
} from '@styleflow/testing';
import { type ProcessName, ProcessUnderTest } from '../system/process-under-test.js';
import { type StoreUnderFaults, startFileStore, startS3Store } from './store-under-faults.js';
import { type OwnThings, SupervisedProcess } from './supervised-process.js';

/** Two of each process, with everything between them in reach of faults. */
export interface ChaosSystem {
  readonly redis: RedisServer;
  readonly store: StoreUnderFaults;
  readonly processes: readonly SupervisedProcess[];
  readonly apis: readonly string[];
  /** Unfinished jobs whose stored objects may be damaged: not those that a client may delete meanwhile. */
  mayDamage: () => readonly string[];
  of(name: ProcessName): readonly SupervisedProcess[];
  stop(): Promise<void>;
}

export interface ChaosSystemOptions {
  readonly store: 's3' | 'file';
  /** Budget of outages and length of locks, as a share of production's. */
  readonly scale: number;
}

const KINDS = ['api', 'cpu-worker', 'gpu-worker'] as const;
const OF_EACH = 2;
/** A CPU worker takes no work with less than 64 MB free. */
const SCRATCH_BYTES = 256 * 2 ** 20;
const BUDGET_MINUTES = 15;
const LOCK_SECONDS = 30;
const SHORTEST_LOCK_SECONDS = 10;

export async function startChaosSystem({ store: kind, scale }: ChaosSystemOptions): Promise<ChaosSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-chaos-'));
  const redis = await startRedis({ maxmemory: '2000000000' });
  const store = kind === 's3' ? await startS3Store() : await startFileStore(folder);
  const settings = {
    HOME: process.env.HOME,
    ...store.environment,
    STYLEFLOW_SWEEP_SECONDS: '2',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    STYLEFLOW_PREPARE_CONCURRENCY: '1',
    // One clip a tensor batch: the size of a batch stands in the result.
    STYLEFLOW_MAX_BATCH: '1',
    STYLEFLOW_SIMULATED_DEVICE: '2+20',
    STYLEFLOW_OUTAGE_BUDGET_MINUTES: String(BUDGET_MINUTES * scale),
    STYLEFLOW_LOCK_SECONDS: String(Math.max(SHORTEST_LOCK_SECONDS, Math.round(LOCK_SECONDS * scale))),
  };
  const apis: string[] = [];
  const clocks: SkewedClock[] = [];
  const processes: SupervisedProcess[] = [];
  for (const name of KINDS) {
    for (let n = 1; n <= OF_EACH; n += 1) {
      // The second of each kind goes by a clock that can be set.
      const clock = n === 2 ? await makeSkewedClock() : null;
      if (clock !== null) clocks.push(clock);
      const own = await ownThings(join(folder, `${name}-${n}`), redis.port, clock);
      const port = await findFreePort();
      if (name === 'api') apis.push(`http://127.0.0.1:${port}`);
      const env = {
        ...settings,
        ...clock?.environment,
        PATH: own.programs,
        STYLEFLOW_REDIS_URL: `redis://127.0.0.1:${own.redisLink.port}`,
        STYLEFLOW_SCRATCH_DIR: own.scratch,
        STYLEFLOW_PORT: String(port),
        STYLEFLOW_ADMIN_PORT: String(own.adminPort),
      };
      processes.push(new SupervisedProcess(`${name}-${n}`, new ProcessUnderTest(name, env), own));
    }
  }
  // Workers first: jobs need a bundle that one of them has announced.
  await Promise.all(processes.filter(({ name }) => !name.startsWith('api')).map((process) => process.start()));
  await Promise.all(processes.filter(({ name }) => name.startsWith('api')).map((process) => process.start()));
  return {
    redis,
    store,
    processes,
    apis,
    mayDamage: () => [],
    of: (name) => processes.filter((process) => process.name.startsWith(name)),
    stop: async () => {
      await Promise.all(processes.map((process) => process.stop()));
      await Promise.all(processes.map(({ own }) => own.redisLink.stop()));
      await Promise.all(processes.map(({ own }) => own.scratchDisk?.stop()));
      await Promise.all(clocks.map((clock) => clock.stop()));
      await store.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function ownThings(folder: string, redisPort: number, clock: SkewedClock | null): Promise<OwnThings> {
  const programs = join(folder, 'bin');
  await mkdir(programs, { recursive: true });
  for (const program of ['ffmpeg', 'ffprobe']) await symlink(whereIs(program), join(programs, program));
  const scratch = join(folder, 'scratch');
  // The other one's is a folder that can be taken away, which a mounted one cannot.
  const scratchDisk = folder.endsWith('cpu-worker-1') ? await mountSmallDisk(scratch, SCRATCH_BYTES) : null;
  await mkdir(scratch, { recursive: true });
  return {
    redisLink: await startFaultyLink({ port: redisPort }),
    scratch,
    scratchDisk,
    programs,
    clock,
    adminPort: await findFreePort(),
  };
}

function whereIs(program: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}
