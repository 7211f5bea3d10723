import { type Logger, metrics } from '@styleflow/runtime';
import type { RequestHandler } from 'express';
import { callerIfKnown } from '../auth/authenticate.js';
import { knownMethod, routeOf } from './route-of.js';

/**
 * Logs and counts each answered call. Calls that read, which polling repeats, are logged only on level `debug`.
 * Queries, bodies and headers are left out; `caller` is the name of a key.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.httpAnswered(knownMethod(request.method), routeOf(request) ?? 'none', response.statusCode, seconds);
      const caller = callerIfKnown(response);
      const facts = {
        method: request.method,
        path: request.path,
        status: response.statusCode,
        ms: Math.round(seconds * 1000),
        ...(caller && { caller: caller.owner }),
        ...(response.writableFinished ? {} : { brokenOff: true }),
      };
      if (request.method === 'GET' && response.statusCode < 400) logger.debug(facts, 'answered');
      else logger.info(facts, 'answered');
    });
    next();
  };
}
