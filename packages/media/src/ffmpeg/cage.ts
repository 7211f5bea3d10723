import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { getEnvironmentData, type Serializable, setEnvironmentData } from 'node:worker_threads';
import { JobError } from '@styleflow/contracts';
import { toolEnvironment } from './env.js';

/** What holds a tool that reads a stranger's file, beside its own limits. In the order in which the bars are put on. */
export const CAGE_BARS = ['environment', 'session', 'network', 'limits'] as const;
export type CageBar = (typeof CAGE_BARS)[number];

/** How ffmpeg and ffprobe are kept on this machine. */
export interface Cage {
  /** The bars that are in force. */
  readonly bars: readonly CageBar[];
  /** Those that this machine cannot have, with the reason. */
  readonly missing: Readonly<Partial<Record<CageBar, string>>>;
  /**
   * `[program, its first arguments]` that run `tool` inside, in the same process, so that a signal to it reaches the tool.
   * @param maxFileBytes for a tool that reads no stranger's file: it may write files of that length. Default: none at all.
   */
  inside(tool: 'ffmpeg' | 'ffprobe', maxCpuSeconds: number, maxFileBytes?: number): [string, string[]];
}

/**
 * Limit of the address space. It is far above the memory in use, since threads reserve much more than they ever touch
 * (README "Limits").
 */
const ADDRESS_SPACE_BYTES = 6 * 1024 ** 3;
/** Its input, its pipes, its libraries while they load, and a reserve. */
const DESCRIPTORS = 64;

const find = (name: string): string | undefined =>
  [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path));

/** What the cage consists of, as threads hand it on: the programs around a tool, and that which limits it, if there is one. */
interface CageParts {
  readonly bars: readonly CageBar[];
  readonly missing: Readonly<Partial<Record<CageBar, string>>>;
  readonly outer: readonly string[];
  readonly prlimit: string | undefined;
}

/** Under this name threads are told what was found out before they were started. */
const TOLD = 'styleflow.cage';
let found: Cage | undefined;

/** Finds out, once, what this machine allows an unprivileged process. Blocks for some 20 ms, and much longer in a large process. */
export function decodeCage(): Cage {
  if (found !== undefined) return found;
  const parts = (getEnvironmentData(TOLD) as CageParts | undefined) ?? findParts([]);
  setEnvironmentData(TOLD, parts as unknown as Serializable);
  found = cageOf(parts);
  return found;
}

/**
 * The cage with all bars that this machine allows, but for some: for those who compare (tests, benchmarks). The product
 * leaves out none.
 */
export function buildCage(without: readonly CageBar[] = []): Cage {
  return cageOf(findParts(without));
}

function findParts(without: readonly CageBar[]): CageParts {
  const bars: CageBar[] = [];
  const missing: Partial<Record<CageBar, string>> = {};
  const put = (bar: CageBar, ask: () => string[] | string): string[] => {
    const words = without.includes(bar) ? 'it was left out' : ask();
    if (typeof words === 'string') missing[bar] = words;
    else bars.push(bar);
    return typeof words === 'string' ? [] : words;
  };
  const outer = [...put('environment', ownEnvironment), ...put('session', ownSession), ...put('network', noNetwork)];
  const [prlimit] = put('limits', ownLimits);
  return { bars, missing, outer, prlimit };
}

function cageOf({ bars, missing, outer, prlimit }: CageParts): Cage {
  return {
    bars,
    missing,
    inside(tool, maxCpuSeconds, maxFileBytes = 0) {
      const [program = tool, ...words] = [...outer, ...limits(prlimit, maxCpuSeconds, maxFileBytes), tool];
      return outer.length === 0 && prlimit === undefined ? [tool, []] : [program, words];
    },
  };
}

function ownEnvironment(): string[] | string {
  const env = find('env');
  if (env === undefined) return 'env is not installed';
  return [env, '-i', ...toolEnvironment()];
}

function ownSession(): string[] | string {
  const setsid = find('setsid');
  return setsid === undefined ? 'setsid (util-linux) is not installed' : [setsid];
}

/** A network namespace with nothing in it, of a user namespace: neither asks for a privilege. */
function noNetwork(): string[] | string {
  const unshare = find('unshare');
  if (unshare === undefined) return 'unshare (util-linux) is not installed';
  const words = [unshare, '--user', '--map-current-user', '--net', '--ipc', '--'];
  const [program = '', ...args] = [...words, find('true') ?? 'true'];
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return words;
  return `an unprivileged process may have no namespaces here (${error?.message ?? stderr.trim()})`;
}

function ownLimits(): string[] | string {
  const prlimit = find('prlimit');
  return prlimit === undefined ? 'prlimit (util-linux) is not installed' : [prlimit];
}

/** No core dumps, few descriptors, limited files, CPU time and address space. */
function limits(prlimit: string | undefined, maxCpuSeconds: number, maxFileBytes: number): string[] {
  if (prlimit === undefined) return [];
  const cpu = Math.ceil(maxCpuSeconds);
  return [
    prlimit,
    `--as=${ADDRESS_SPACE_BYTES}`,
    `--cpu=${cpu}`,
    `--fsize=${maxFileBytes}`,
    '--core=0',
    `--nofile=${DESCRIPTORS}`,
    '--',
  ];
}

/** @throws JobError that names each bar that is missing, and why. */
export function requireCage({ missing }: Cage): void {
  const reasons = Object.entries(missing).map(([bar, reason]) => `${bar}: ${reason}`);
  if (reasons.length === 0) return;
  throw new JobError(
    'internal',
    `STYLEFLOW_DECODE_CAGE=required, and the cage of the decoder lacks ${reasons.join('; ')}. Allow it, or set STYLEFLOW_DECODE_CAGE=best.`,
  );
}
