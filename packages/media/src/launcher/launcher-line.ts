import { tmpdir } from 'node:os';
import { BroadcastChannel, getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { type LauncherAnswer, type LauncherLine, ToolLauncher } from './tool-launcher.js';

/** Where threads find the launcher of their process; threads that were started before it have one each. */
const CHANNEL = 'styleflow.launcher';

interface Order {
  readonly run: string;
  readonly input: string;
  readonly words: readonly string[];
}

/** What is said on the channel: orders by threads, answers by the thread that has the launcher. */
type Said =
  | { readonly order: Order }
  | { readonly run: string; readonly answer: LauncherAnswer; readonly folder: string };

let line: LauncherLine | undefined;

/** The launcher of this process as this thread reaches it. */
export function launcherLine(): LauncherLine {
  line ??= !isMainThread && getEnvironmentData(CHANNEL) === true ? lineToMainThread() : new ToolLauncher();
  return line;
}

/**
 * Starts the process's launcher, and lets threads that are started from now on use it, too. To be called by the main thread, before it
 * loads what makes it large.
 */
export function startLauncher(): void {
  if (line !== undefined) return;
  const launcher = new ToolLauncher();
  launcher.open();
  line = launcher;
  const channel = unheld(new BroadcastChannel(CHANNEL));
  channel.onmessage = ({ data }) => {
    const said = data as Said;
    if (!('order' in said)) return;
    const { run, input, words } = said.order;
    const tell = (answer: LauncherAnswer, folder: string): void =>
      channel.postMessage({ run, answer, folder } satisfies Said);
    try {
      launcher.start(run, input, words, tell);
    } catch {
      // No folder for its pipes, as where there is no room.
      tell(['refused', 0], tmpdir());
    }
  };
  setEnvironmentData(CHANNEL, true);
}

/**
 * Ends this process's launcher, for whoever adds up what a process has used with all that it has started: the kernel does so for what was
 * waited for. Without this it ends with the process.
 */
export async function closeLauncher(): Promise<void> {
  if (line instanceof ToolLauncher) await line.close();
}

function lineToMainThread(): LauncherLine {
  const channel = unheld(new BroadcastChannel(CHANNEL));
  const runs = new Map<string, (answer: LauncherAnswer, folder: string) => void>();
  channel.onmessage = ({ data }) => {
    const said = data as Said;
    if ('order' in said) return;
    runs.get(said.run)?.(said.answer, said.folder);
    if (said.answer[0] !== 'started') runs.delete(said.run);
    if (runs.size === 0) channel.unref();
  };
  return {
    start(run, input, words, onAnswer) {
      runs.set(run, onAnswer);
      channel.ref();
      channel.postMessage({ order: { run, input, words } } satisfies Said);
    },
  };
}

/** Does not keep its thread alive while nothing runs. */
function unheld(channel: BroadcastChannel): BroadcastChannel {
  channel.unref();
  return channel;
}
