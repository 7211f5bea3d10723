import { JobError } from '@styleflow/contracts';
import type { RequestHandler, Response } from 'express';
import { type ApiKey, type Caller, findCaller, LOCAL_CALLER } from './api-keys.js';
import { callerOfLink } from './job-links.js';

/** Refuses calls without a valid key, or link, once keys are set. Remembers the caller of the others. */
export function authenticate(keys: readonly ApiKey[]): RequestHandler {
  return (request, response, next) => {
    const { method, path, query, headers } = request;
    const caller =
      keys.length === 0
        ? LOCAL_CALLER
        : headers.authorization === undefined
          ? callerOfLink(keys, { method, path, access: query.access }, Date.now())
          : findCaller(keys, headers.authorization);
    if (caller === null) {
      response.set('WWW-Authenticate', 'Bearer realm="styleflow"');
      throw new JobError('unauthorized', 'Send a valid API key as "Authorization: Bearer KEY".');
    }
    response.locals.caller = caller;
    next();
  };
}

/**
 * Lets only operators pass. Comes after `authenticate`.
 * @throws JobError `forbidden`
 */
export const adminOnly: RequestHandler = (_request, response, next) => {
  if (!callerOf(response).isAdmin) throw new JobError('forbidden', 'Only a key with the role admin may do that.');
  next();
};

/** The caller of this call. Only after `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller = callerIfKnown(response);
  if (caller === undefined) throw new Error('this route stands before authentication');
  return caller;
}

/** The caller; undefined before authentication, after a refused one, and where everyone may call. */
export function callerIfKnown(response: Response): Caller | undefined {
  const caller: unknown = response.locals.caller;
  return isCaller(caller) ? caller : undefined;
}

function isCaller(value: unknown): value is Caller {
  return typeof value === 'object' && value !== null && 'owner' in value && 'isAdmin' in value;
}
