import type { Response } from 'express';

/** Fires when the client has gone (and when it has its answer). */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** Fires when the client has gone or the process must let go. */
export function releaseSignal(response: Response, stopping: AbortSignal): AbortSignal {
  return AbortSignal.any([goneSignal(response), stopping]);
}
