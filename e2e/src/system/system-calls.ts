/** What a process asked of the system, read from a log of `strace -f`. */
export interface Touched {
  /** Where it connected or sent to, as `address:port`; names of UNIX sockets. */
  readonly peers: readonly string[];
  /** Files that it made or opened for writing, and folders that it made, by absolute paths. */
  readonly written: readonly string[];
}

/** A runner for `ProcessUnderTest` that writes such a log. */
export const straceInto = (file: string): readonly string[] => [
  'strace',
  // Beside the process and not above it: signals and the exit code are its own.
  '-D',
  '-f',
  '-qq',
  '-y',
  '--seccomp-bpf',
  '-e',
  'trace=connect,sendto,sendmsg,openat,mkdir,creat',
  '-o',
  file,
];

const INET = /sin6?_port=htons\((\d+)\).*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")/;
const UNIX = /sa_family=AF_UNIX, sun_path=@?"([^"]+)"/;
const OPENED = /\bopenat\([^,]+, "([^"]+)", ([A-Z_|0-9]+)/;
const MADE = /\b(?:mkdir|creat)\("([^"]+)"/;

/** @throws never: a line that says nothing of these is passed over. */
export function readStrace(log: string): Touched {
  const peers = new Set<string>();
  const written = new Set<string>();
  for (const line of log.split('\n')) {
    const inet = INET.exec(line);
    if (inet) peers.add(`${inet[2] ?? inet[3]}:${inet[1]}`);
    const unix = UNIX.exec(line)?.[1];
    if (unix !== undefined) peers.add(unix);
    const opened = OPENED.exec(line);
    if (opened && /O_WRONLY|O_RDWR|O_CREAT/.test(opened[2] ?? '')) written.add(opened[1] ?? '');
    const made = MADE.exec(line)?.[1];
    if (made !== undefined && !/ = -1 EEXIST/.test(line)) written.add(made);
  }
  return { peers: [...peers].sort(), written: [...written].sort() };
}
