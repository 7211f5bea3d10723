import { JobError } from '@styleflow/contracts';
import type { RequestHandler, Response } from 'express';
import { type ApiKey, type Caller, findCaller, LOCAL_CALLER } from './api-keys.js';

/** Refuses calls without a valid key, once keys are set, and remembers who calls. */
export function authenticate(keys: readonly ApiKey[]): RequestHandler {
  return (request, response, next) => {
    const caller = keys.length === 0 ? LOCAL_CALLER : findCaller(keys, request.headers.authorization);
    if (caller === null) {
      response.set('WWW-Authenticate', 'Bearer realm="styleflow"');
      throw new JobError('unauthorized', 'Send a valid API key as "Authorization: Bearer KEY".');
    }
    response.locals.caller = caller;
    next();
  };
}

/** Who makes this call; only behind `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller: unknown = response.locals.caller;
  if (!isCaller(caller)) throw new Error('this route stands before authentication');
  return caller;
}

function isCaller(value: unknown): value is Caller {
  return typeof value === 'object' && value !== null && 'owner' in value && 'isAdmin' in value;
}
