import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPnpm } from '../set-up/find-pnpm.mjs';
import { ROOT } from '../set-up/root.mjs';

/** A registry that is slow is no reason to wait for, and one that is not reached none to ask again. */
const TIMEOUT_MS = 120_000;
/** What is no reason to stop is told all the same. */
const STOPS = new Set(['high', 'critical']);

/**
 * Asks the registry for known holes in the packages that are shipped. A registry that does not offer that, or is not reached, is no
 * failure: it is said.
 * @param {{ print: (line: string) => void, registry?: string, root?: string }} options `registry`: another one than npm is set to
 * @returns {Promise<number>} 1 when a hole of high or critical severity is known
 */
export async function audit({ print, registry, root = ROOT }) {
  const pnpm = await findPnpm();
  const args = [
    'audit',
    '--prod',
    '--json',
    '--config.fetch-retries=0',
    ...(registry === undefined ? [] : [`--config.registry=${registry}`]),
  ];
  const { stdout, stderr, error } = await run(pnpm, args, root);
  const report = parse(stdout);
  if (report === null) {
    const said = `${stdout}\n${stderr}`.split('\n').map((line) => line.replace(/^[\s×│]+/, '').trim());
    const reason =
      error?.message ??
      said
        .filter((line) => line !== '')
        .join(' ')
        .slice(0, 300);
    print(`not audited: the registry does not tell of known holes (${reason})`);
    return 0;
  }
  const holes = Object.values(report.advisories ?? {});
  for (const { module_name: name, severity, title, url, vulnerable_versions: versions } of holes)
    print(`${severity}: ${name} ${versions}: ${title} (${url})`);
  const stopping = holes.filter(({ severity }) => STOPS.has(severity)).length;
  print(`audited: ${holes.length} known holes, ${stopping} of them high or critical`);
  return stopping > 0 ? 1 : 0;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ stdout: string, stderr: string, error: Error | null }>} `error` where it could not be run to its end
 */
function run(program, args, cwd) {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      // With holes, or without a registry, it ends with an exit code of its own.
      resolve({ stdout, stderr, error: typeof error?.code === 'number' ? null : error }),
    );
  });
}

/**
 * @param {string} text
 * @returns {{ advisories?: Record<string, any> } | null} null when it is no report
 */
function parse(text) {
  try {
    const json = JSON.parse(text);
    return json.error === undefined && json.metadata !== undefined ? json : null;
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await audit({ print: (line) => process.stdout.write(`${line}\n`) });
}
