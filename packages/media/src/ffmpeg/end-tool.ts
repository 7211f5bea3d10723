import type { ChildProcess } from 'node:child_process';

/**
 * Ends a tool at once, with whatever it has started: the cage gave it a session, and with that a process group, of its own.
 * Its pipes are closed on our side, so that nobody waits for what has left that group and holds their other ends.
 */
export function endTool(tool: ChildProcess): void {
  endGroup(tool);
  // Before `setsid` has run there is no such group, and where it is not installed there never is one.
  tool.kill('SIGKILL');
  tool.stdout?.destroy();
  tool.stderr?.destroy();
}

/** Ends what a tool may have left in its group; the group's number stays taken as long as anything is in it. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is there, as after every run of an honest tool.
  }
}
