import type { Finding } from './audit.js';
import type { SupervisedProcess } from './supervised-process.js';

const LINES_OF_A_JOB = 12;
const LINES_WITHOUT_A_JOB = 10;
const LONGEST_LINE = 300;

/**
 * Lines of the processes that may explain a finding, by the processes' clocks: those that name its job; failures of the
 * system, each kind once, where it has none.
 */
export function whatLogsSay({ job }: Finding, processes: readonly SupervisedProcess[]): string[] {
  const told = processes.flatMap(({ name, process }) => process.lines.map((line) => readLine(name, line)));
  if (job !== null) {
    // What polls were answered tells nothing of the job.
    const ofJob = told
      .filter(({ raw }) => raw.includes(job) && !raw.includes('"method":"GET"'))
      .sort((a, b) => a.time.localeCompare(b.time));
    return ofJob
      .slice(-LINES_OF_A_JOB)
      .map(({ time, name, says }) => `${time} ${name}: ${says}`.slice(0, LONGEST_LINE));
  }
  const kinds = new Map<string, number>();
  for (const { level, name, says } of told) {
    if (level !== 'error' && level !== 'fatal') continue;
    const kind = `${name}: ${says}`.slice(0, LONGEST_LINE);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].slice(-LINES_WITHOUT_A_JOB).map(([kind, times]) => `${times} × ${kind}`);
}

/** What the log writes on each line, and facts beside it. */
interface LogLine extends Record<string, unknown> {
  readonly err?: { readonly message?: string };
}

function readLine(name: string, raw: string) {
  try {
    const { level, time, msg, err, pid: _, hostname: _host, name: _name, ...rest } = JSON.parse(raw) as LogLine;
    const message = err?.message ?? '';
    return { name, raw, level: String(level), time: String(time), says: `${msg} ${message} ${JSON.stringify(rest)}` };
  } catch {
    return { name, raw, level: 'error', time: '', says: raw };
  }
}
