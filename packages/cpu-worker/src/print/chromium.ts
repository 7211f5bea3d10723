import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JobError } from '@styleflow/contracts';

/** Names under which systems install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** A report takes a few seconds on a quiet machine, and may wait for its turn on a busy one. */
const PRINT_TIMEOUT_MS = 180_000;
/** What it says on its way out that helps whoever reads the log. */
const LAST_WORDS = 400;

/** A browser that prints. */
export interface Chromium {
  readonly path: string;
  /** Program and arguments that run it without any network; none where the machine does not allow that. */
  readonly apart: readonly string[];
  /** Arguments by which it gives up its sandbox; none where it has one. */
  readonly sandbox: readonly string[];
}

/** A user namespace of its own, which needs no privilege. */
const OWN_USER = ['--user', '--map-current-user'];

/**
 * How the browser of this machine runs: apart from the network where the machine allows namespaces, and in its sandbox, which
 * needs them too and is never there for root. Blocks for some 20 ms.
 * @returns a sentence where there is no browser, or none in its sandbox and `withoutSandbox` is false
 */
export function openChromium(searchPath: string, withoutSandbox: boolean): Chromium | string {
  const path = findChromium(searchPath);
  if (path === null) return 'there is no Chromium on the search path';
  const words = ['unshare', ...OWN_USER, '--net', '--'];
  const [program = '', ...rest] = [...words, 'true'];
  const hasNamespaces = spawnSync(program, rest, { timeout: 10_000, stdio: 'ignore' }).status === 0;
  const apart = hasNamespaces ? words : [];
  if (hasNamespaces && process.getuid?.() !== 0) return { path, apart, sandbox: [] };
  if (withoutSandbox) return { path, apart, sandbox: ['--no-sandbox'] };
  const why = hasNamespaces ? 'the process runs as root' : 'unprivileged processes may have no namespaces';
  return `Chromium has no sandbox here: ${why}`;
}

function findChromium(searchPath: string): string | null {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * Prints a page to PDF. The page is a stranger's in part, so the browser gets an empty environment, no network, no scripts, a
 * profile of its own that is deleted, and its sandbox unless the caller goes without.
 * @param folder scratch space that the caller deletes.
 * @throws JobError `internal` with what the browser said
 */
export async function printPage(
  { path, apart, sandbox }: Chromium,
  html: Uint8Array,
  { folder, signal }: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<Buffer> {
  const own = await mkdtemp(join(folder, 'print-'));
  // Its socket lies here, whose path the system limits to 107 bytes: scratch space may be too deep.
  const brief = await mkdtemp(join(tmpdir(), 'sf-'));
  try {
    const [page, pdf] = [join(own, 'page.html'), join(own, 'page.pdf')];
    await writeFile(page, withPolicy(html));
    const words = [...apart, path, ...argumentsFor(own, pdf), ...sandbox, pathToFileURL(page).href];
    const said = await run(words, { own, brief, signal });
    return await readFile(pdf).catch((cause: unknown) => {
      throw new JobError('internal', `The browser printed nothing: ${said.slice(-LAST_WORDS).trim()}`, { cause });
    });
  } finally {
    await rm(own, { recursive: true, force: true });
    await rm(brief, { recursive: true, force: true });
  }
}

/** Forbids scripts, frames and requests of every kind, whatever the page says of itself: policies only add up. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`;
const HEAD = '<head>';
/** Where a page of ours has its head. */
const HEAD_WITHIN = 200;

function withPolicy(html: Uint8Array): Buffer {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.length);
  const at = bytes.subarray(0, HEAD_WITHIN).indexOf(HEAD);
  if (at < 0) throw new JobError('internal', 'What is to be printed is no report.', { retryable: false });
  const end = at + HEAD.length;
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(POLICY), bytes.subarray(end)]);
}

function argumentsFor(own: string, pdf: string): string[] {
  return [
    '--headless=new',
    `--print-to-pdf=${pdf}`,
    '--no-pdf-header-footer',
    `--user-data-dir=${join(own, 'profile')}`,
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=http://127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions'],
    ...['--no-first-run', '--no-default-browser-check', '--disable-gpu', '--disable-dev-shm-usage'],
    ...['--disable-crash-reporter', '--disable-breakpad', '--metrics-recording-only', '--mute-audio'],
  ];
}

function run(
  [program = '', ...words]: readonly string[],
  { own, brief, signal }: { readonly own: string; readonly brief: string; readonly signal: AbortSignal | undefined },
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that its helpers end with it.
    const child = spawn(program, words, {
      ...{ cwd: own, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
      env: { PATH: '/usr/bin:/bin', HOME: own, TMPDIR: brief },
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-10 * LAST_WORDS);
    });
    const timer = setTimeout(() => end(child), PRINT_TIMEOUT_MS);
    const stop = (): void => end(child);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      end(child);
      act();
    };
    child.on('error', (cause) =>
      settle(() => reject(new JobError('internal', `The browser cannot be started: ${program}.`, { cause }))),
    );
    child.on('exit', (code, by) => {
      if (signal?.aborted) return settle(() => reject(signal.reason));
      if (code === 0) return settle(() => resolve(said));
      const why = by === null ? `code ${code}` : `${by}`;
      const message = `The browser ended with ${why}: ${said.slice(-LAST_WORDS).trim()}`;
      settle(() => reject(new JobError('internal', message)));
    });
  });
}

/** Ends it with all its helpers; one that has ended is left alone. */
function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Its group is gone already.
  }
}
