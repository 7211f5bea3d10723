import type { Response } from 'express';

/** Fires when the client has left, and also when it has its answer. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** Fires when the client has left or the process must stop. */
export function releaseSignal(response: Response, stopping: AbortSignal): AbortSignal {
  return AbortSignal.any([goneSignal(response), stopping]);
}
