import { close, constants, open, openSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Writes `bytes` into a named pipe and closes it: a program's whole standard input.
 * @returns gives up, for when the program has ended or is ended. Why it left something, its exit tells.
 */
export function feedTool(pipe: string, bytes: Uint8Array): () => void {
  let socket: Socket | undefined;
  let isOver = false;
  // Waits, in a thread of Node's, until the program opens its end: what is written and closed before would be lost.
  open(pipe, constants.O_WRONLY, (error, descriptor) => {
    if (error) return;
    if (isOver) return close(descriptor);
    socket = new Socket({ fd: descriptor, readable: false, writable: true });
    socket.on('error', () => undefined).write(bytes, () => socket?.destroy());
  });
  return () => {
    if (isOver) return;
    isOver = true;
    if (socket) socket.destroy();
    else releaseWriter(pipe);
  };
}

/** Lets go whoever waits for a reader of this pipe, by being one for a moment. */
function releaseWriter(pipe: string): void {
  try {
    const descriptor = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    setImmediate(() => close(descriptor));
  } catch {
    // It is gone, and with it whoever waited.
  }
}
