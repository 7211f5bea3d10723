import { JobError } from '@styleflow/contracts';
import type { CallWindow } from '@styleflow/queue';
import type { RequestHandler, Response } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { callerOf } from '../auth/authenticate.js';
import { type KeyLimits, limitsOf } from '../auth/key-limits.js';
import type { ApiPorts } from '../ports/api-ports.js';

type LimitPorts = Pick<ApiPorts, 'callCounts' | 'settings'>;

/** A policy, as the headers name it. */
interface Policy {
  readonly name: string;
  readonly window: CallWindow;
  readonly windowMs: number;
  limitOf(limits: KeyLimits): number;
}

const POLICIES: readonly Policy[] = [
  { name: 'calls', window: 'minute', windowMs: 60_000, limitOf: ({ callsPerMinute }) => callsPerMinute },
  { name: 'burst', window: 'second', windowMs: 1_000, limitOf: ({ callsPerSecond }) => callsPerSecond },
];

/**
 * Refuses the calls of a key beyond its number a minute, and beyond its burst of a second, counted over all API processes, and tells
 * each answer how many are left (the headers `RateLimit` and `RateLimit-Policy` of the IETF's draft 8). Comes after `authenticate`.
 * Without keys nobody is limited, since nobody is told from another.
 * @throws JobError `rate_limited`
 */
export function limitCalls(ports: LimitPorts): RequestHandler[] {
  return ports.settings.keys.length === 0 ? [] : POLICIES.map((policy) => limitBy(policy, ports));
}

function limitBy({ name, window, windowMs, limitOf }: Policy, { callCounts, settings }: LimitPorts): RequestHandler {
  const limitFor = (response: Response): number => limitOf(limitsOf(settings, callerOf(response).owner));
  return rateLimit({
    windowMs,
    skip: (_request, response) => limitFor(response) === 0,
    limit: (_request, response) => limitFor(response),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: name,
    keyGenerator: (_request, response) => callerOf(response).owner,
    store: sharedStore(callCounts, window, windowMs),
    handler: (_request, response) => {
      const retryAfterSeconds = Math.max(1, Number(response.getHeader('Retry-After')));
      const message = `This key may make ${limitFor(response)} calls a ${window}; wait ${retryAfterSeconds} s, or wait for jobs with "Prefer: wait=60" instead of asking often.`;
      throw new JobError('rate_limited', message, { details: { retryAfterSeconds } });
    },
  });
}

function sharedStore(counts: ApiPorts['callCounts'], window: CallWindow, windowMs: number): Store {
  return {
    // A call is counted once by each of the two.
    prefix: `${window}:`,
    async increment(owner) {
      // While Redis is away each call passes as the first one: it says so itself, or does without Redis.
      const { calls, endsInMs } = await counts.count(owner, window).catch(() => ({ calls: 1, endsInMs: windowMs }));
      return { totalHits: calls, resetTime: new Date(Date.now() + endsInMs) };
    },
    // A call that was made stays counted, whatever came of it.
    decrement: () => {},
    resetKey: () => {},
  };
}
