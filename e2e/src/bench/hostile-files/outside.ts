import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What Node, ONNX Runtime, the C library and ffmpeg's own libraries read of the machine, whatever the video is. */
const OF_THE_MACHINE = [
  ...[
    '/proc/',
    '/sys/',
    '/dev/',
    '/lib/',
    '/lib64/',
    '/usr/',
    '/opt/',
    '/etc/ld.so',
    '/etc/ssl/',
    '/etc/nsswitch.conf',
  ],
  ...['/etc/localtime', '/etc/OpenCL', '/etc/selinux', '/etc/gai.conf', '/etc/host.conf', '/etc/resolv.conf'],
  join(tmpdir(), 'styleflow-profile-'),
];
const OPENED = /\bopenat\([^,]+, "((?:[^"\\]|\\.)*)", [A-Z_|0-9]+.*\) = \d/;
const STARTED = /^(\d+) .*\bopenat\(/;

/** Files that were opened, by a log of `strace -f`, and belong neither to the machine's libraries nor to one of these folders. */
export function filesOutside(log: string, own: readonly string[]): string[] {
  const mine = [CHECKOUT, ...own, ...OF_THE_MACHINE, process.execPath, join(homedir(), '.node')];
  const files = new Set<string>();
  for (const line of log.split('\n')) {
    const path = STARTED.test(line) ? OPENED.exec(line)?.[1] : undefined;
    if (path?.startsWith('/') && !mine.some((folder) => path.startsWith(folder))) files.add(path);
  }
  return [...files].sort();
}
