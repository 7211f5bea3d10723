/**
 * A reader that has seen enough closes the pipe (`styleflow … --json | head -1`). The command then ends as if it were
 * interrupted, so that what it has running is stopped, but without a word and as done.
 */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', onPipeError);
  // Errors go to the terminal, mostly; when that is gone, too, nobody is left to tell.
  process.stderr.on('error', onPipeError);
}

let isClosed = false;

/** Whether nobody reads what the command prints any more. */
export function isPipeClosed(): boolean {
  return isClosed;
}

function onPipeError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (isClosed) return;
  isClosed = true;
  // At the very end: what the command makes of its work until then counts no more.
  process.once('exit', () => {
    process.exitCode = 0;
  });
  // Who watches for an interruption stops what is running; otherwise nothing is, and the process ends here.
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
  process.kill(process.pid, 'SIGTERM');
}
