import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ERROR_TABLE, isErrorCode } from '@styleflow/contracts';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '@styleflow/runtime';
import { z } from 'zod';
import { readStrace, straceInto } from '../../system/system-calls.js';
import { megabytes, watchMemory } from '../peak-memory.js';
import { type HostileFile, makeHostileFiles } from './make-hostile-files.js';
import { filesOutside } from './outside.js';

const PREPARE = fileURLToPath(new URL('./hostile-files-main.js', import.meta.url));
const LOOK_EVERY_MS = 50;

const LineSchema = z.object({
  outcome: z.enum(['prepared', 'refused']),
  wallSeconds: z.number(),
  code: z.string().optional(),
  message: z.string().optional(),
  frames: z.number().optional(),
});

/** What became of one file. */
interface Row {
  readonly what: string;
  /** `prepared` or an error's code; `crashed` when nothing more was heard. */
  readonly came: string;
  readonly isRight: boolean;
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly says: string;
}

/**
 * Prepares made hostile files, and those of folders, one after the other in one process, as a worker meets them. Where strace is
 * there, it also lists what that process and its tools asked of the system beyond their own: connections, files.
 */
export async function benchHostileFiles(
  say: (line: string) => void,
  folders: readonly string[],
): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-hostile-'));
  try {
    const own = join(folder, 'files');
    await mkdir(own);
    const files = [...(await makeHostileFiles(own)), ...(await Promise.all(folders.map(filesOf))).flat()];
    const log = isOnPath('strace') ? join(folder, 'strace') : null;
    const rows = await prepareAll(files, { folder, log }, say);
    return { files: rows, ...summary(rows), ...(await touchedOutside(log, [folder, ...folders])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files of others: whatever is a fault of the input is an answer. */
async function filesOf(folder: string): Promise<HostileFile[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return names.map(({ name }) => ({ path: join(folder, name), what: `of ${folder}`, allowed: [] })).sort(byPath);
}

const byPath = (one: HostileFile, other: HostileFile): number => (one.path < other.path ? -1 : 1);

async function prepareAll(
  files: readonly HostileFile[],
  { folder, log }: { readonly folder: string; readonly log: string | null },
  say: (line: string) => void,
): Promise<Row[]> {
  const command = [process.execPath, ...LEAN_NODE_FLAGS, PREPARE, folder, ...files.map(({ path }) => path)];
  const [program = '', ...args] = log === null ? command : [...straceInto(log), ...command];
  const child = spawn(program, args, {
    env: { ...LEAN_ENVIRONMENT, ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const rows: Row[] = [];
  let watch = watchMemory(() => child.pid ?? -1, LOOK_EVERY_MS);
  for await (const text of createInterface(child.stdout)) {
    const { outcome, wallSeconds, code, message, frames } = LineSchema.parse(JSON.parse(text));
    const file = files[rows.length];
    if (file === undefined) break;
    const came = code ?? outcome;
    watch.stop();
    const row: Row = {
      ...{ what: `${JSON.stringify(basename(file.path))}, ${file.what}`, came, isRight: isRight(came, file.allowed) },
      ...{ seconds: Number(wallSeconds.toFixed(2)), peakMegabytes: megabytes(watch.peak()) },
      says: message ?? `${frames} frames`,
    };
    rows.push(row);
    say(`${row.what}: ${came}${row.isRight ? '' : ' (WRONG)'}, ${row.seconds} s, ${row.peakMegabytes} MB`);
    watch = watchMemory(() => child.pid ?? -1, LOOK_EVERY_MS);
  }
  watch.stop();
  const [exitCode, signal] = await ended;
  const next = files[rows.length];
  if (next !== undefined) {
    const says = `the process ended with ${signal ?? exitCode}`;
    rows.push({ what: next.path, came: 'crashed', isRight: false, seconds: 0, peakMegabytes: 0, says });
  }
  return rows;
}

function isRight(came: string, allowed: readonly string[]): boolean {
  if (allowed.length > 0) return allowed.includes(came);
  return came === 'prepared' || (isErrorCode(came) && ERROR_TABLE[came].fault === 'input');
}

function summary(rows: readonly Row[]): Record<string, unknown> {
  const worst = (of: 'seconds' | 'peakMegabytes'): string => {
    const [row] = [...rows].sort((one, other) => other[of] - one[of]);
    return row === undefined ? '' : `${row[of]} (${row.what})`;
  };
  const codes = [...new Set(rows.map(({ came }) => came))].sort();
  return {
    count: rows.length,
    right: rows.filter((row) => row.isRight).length,
    wrong: rows.filter((row) => !row.isRight).map(({ what, came, says }) => `${what}: ${came}: ${says}`),
    byCode: Object.fromEntries(codes.map((code) => [code, rows.filter(({ came }) => came === code).length])),
    worstSeconds: worst('seconds'),
    worstMegabytes: worst('peakMegabytes'),
  };
}

async function touchedOutside(log: string | null, own: readonly string[]): Promise<Record<string, unknown>> {
  if (log === null) return { traced: 'no: strace is not there' };
  const text = await readFile(log, 'utf8');
  return { traced: 'yes', connectedTo: readStrace(text).peers, filesOutside: filesOutside(text, own) };
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
