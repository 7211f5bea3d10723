import { JobError } from '@styleflow/contracts';
import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { callerOf } from '../auth/authenticate.js';
import type { ApiPorts } from '../ports/api-ports.js';

const MINUTE_MS = 60_000;

/**
 * Refuses the calls of a key beyond its number a minute, counted over all API processes, and tells each answer how many are left
 * (the headers `RateLimit` and `RateLimit-Policy` of the IETF's draft 8). Comes after `authenticate`. Without keys nobody is
 * limited, since nobody is told from another.
 * @throws JobError `rate_limited`
 */
export function limitCalls({ callCounts, settings }: Pick<ApiPorts, 'callCounts' | 'settings'>): RequestHandler {
  const { keys, callsPerMinute } = settings;
  if (keys.length === 0 || callsPerMinute === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: callsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'calls',
    keyGenerator: (_request, response) => callerOf(response).owner,
    store: sharedStore(callCounts),
    handler: (_request, response) => {
      const retryAfterSeconds = Number(response.getHeader('Retry-After'));
      const message = `This key may make ${callsPerMinute} calls a minute; wait ${retryAfterSeconds} s, or wait for jobs with "Prefer: wait=60" instead of asking often.`;
      throw new JobError('rate_limited', message, { details: { retryAfterSeconds } });
    },
  });
}

function sharedStore(counts: ApiPorts['callCounts']): Store {
  return {
    async increment(owner) {
      // While Redis is away each call passes as the first one: it says so itself, or does without Redis.
      const { calls, endsInMs } = await counts.count(owner).catch(() => ({ calls: 1, endsInMs: MINUTE_MS }));
      return { totalHits: calls, resetTime: new Date(Date.now() + endsInMs) };
    },
    // A call that was made stays counted, whatever came of it.
    decrement: () => {},
    resetKey: () => {},
  };
}
