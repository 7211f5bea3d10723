import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '@styleflow/runtime';

export type ProcessName = 'api' | 'cpu-worker' | 'gpu-worker';

/** One process, started as in production. A test may kill it and start it again. */
export class ProcessUnderTest {
  readonly name: ProcessName;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #watchers: { text: string; fire: (line: string) => void }[] = [];
  readonly lines: string[] = [];
  readonly #runner: readonly string[];

  /** @param runner a program, with its arguments, that runs Node: one that traces it. */
  constructor(name: ProcessName, env: Readonly<Record<string, string | undefined>>, runner: readonly string[] = []) {
    this.name = name;
    this.#env = env;
    this.#runner = runner;
  }

  /** Another process of the same kind with the same settings, not yet started. */
  sibling(): ProcessUnderTest {
    return new ProcessUnderTest(this.name, this.#env, this.#runner);
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  /** Starts the process. Resolves with its port, once it is ready. */
  start(): Promise<number | null> {
    const module = fileURLToPath(import.meta.resolve(`@styleflow/${this.name}/main`));
    const [program, ...args] = [...this.#runner, process.execPath, ...LEAN_NODE_FLAGS];
    const child = fork(module, [], {
      env: { ...LEAN_ENVIRONMENT, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(program === undefined ? {} : { execPath: program }),
      execArgv: args,
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('both are pipes');
    createInterface({ input: stderr }).on('line', (line) => this.#read(line));
    return new Promise((resolve, reject) => {
      createInterface({ input: stdout }).on('line', (line) => {
        if (line.startsWith('{"ready":true')) resolve((JSON.parse(line) as { port: number | null }).port);
      });
      child.once('exit', (code, signal) =>
        reject(new Error(`${this.name} ended (${signal ?? code}):\n${this.lines.slice(-5).join('\n')}`)),
      );
    });
  }

  #read(line: string): void {
    this.lines.push(line);
    for (const watcher of this.#watchers.filter(({ text }) => line.includes(text))) {
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
      watcher.fire(line);
    }
  }

  /** Resolves with the next log line that contains `text`. */
  nextLine(text: string): Promise<string> {
    return new Promise((fire) => this.#watchers.push({ text, fire }));
  }

  /** Resolves when the process that was started last has ended, by whatever cause. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /** Kills by SIGKILL: no handler runs and nothing is flushed. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    // A process's last lines arrive after its exit. They must not be missed, nor taken for lines of its next start.
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await gone;
  }
}
