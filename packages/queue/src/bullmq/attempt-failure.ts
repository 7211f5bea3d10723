import { hostname } from 'node:os';
import { type EntryInside, type JobError, parseJobError, printJobError } from '@styleflow/contracts';

/** Of one failure: an entry is tried ten times at most, so its history stays under 6 kB in Redis. */
const MAX_CHARACTERS = 500;

/** How a worker's process calls itself where it takes an entry. */
export const workerName = (): string => `${hostname()}:${process.pid}`;

/** Reads `workerName`; null for anything else. */
export function parseWorkerName(name: string): { host: string; pid: number } | null {
  const [, host, pid] = /^(.+):(\d{1,10})$/.exec(name) ?? [];
  return host === undefined ? null : { host, pid: Number(pid) };
}

/** A failed attempt as one line: when, on which worker, why. Kept where BullMQ keeps stacks, which would tell an operator less. */
export function printAttemptFailure(error: JobError, at: Date = new Date()): string {
  return `${at.toISOString()} ${workerName()} ${printJobError(error)}`.slice(0, MAX_CHARACTERS);
}

/** Reads `printAttemptFailure`; of foreign text (a stack) the whole is the message. */
export function parseAttemptFailure(line: string): EntryInside['failures'][number] {
  const [, at = null, worker = null, text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]{12}Z) (\S+) ([\s\S]*)$/.exec(line) ?? [];
  const { code, message } = parseJobError(text);
  return { at, worker, code, message };
}
